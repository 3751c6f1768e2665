namespace HilRig.BusServer;

/// <summary>Somebody to whom frames are sent that nobody asked for one by one.</summary>
internal interface IEdgeListener
{
    /// <summary>Which lines' edges are wanted; changed and read under the desk's lock only.</summary>
    bool[] Wants { get; }

    /// <summary>Whether every line's state is wanted.</summary>
    bool WantsChanges { get; }

    /// <summary>Takes a finished frame. Never blocks: when too many wait already, this one is dropped, which its number then shows.</summary>
    void Tell(ReadOnlyMemory<byte> frame);
}
