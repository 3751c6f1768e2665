namespace HilRig.Scenarios;

/// <summary>What a timeline can do to the node's process.</summary>
internal enum NodeAction
{
    Kill,
    Stop,
    Start,
    Restart,
}
