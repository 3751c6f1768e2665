namespace HilRig.Bench;

/// <summary>Which process the emulated chips are in.</summary>
internal enum BenchBus
{
    /// <summary>The node's: they lose power with it.</summary>
    Emulated,

    /// <summary>The rig's: they keep state and power while the node is killed and started again.</summary>
    Remote,

    /// <summary>The rig's, shown to the node as device nodes: it runs its <c>linux</c> bus path.</summary>
    Shim,
}
