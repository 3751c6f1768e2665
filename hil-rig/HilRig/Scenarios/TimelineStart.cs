namespace HilRig.Scenarios;

/// <summary>The instant that a scenario's times are counted from.</summary>
internal enum TimelineStart
{
    /// <summary>The node's process was started.</summary>
    Launched,

    /// <summary>The hub accepted the node for the first time, so that a slow machine shifts the timeline and does not break it.</summary>
    Connected,
}
