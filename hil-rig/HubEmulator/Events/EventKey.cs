namespace HubEmulator.Events;

/// <summary>What a reader names its beginning by.</summary>
internal enum EventKey
{
    /// <summary>Nothing that exists.</summary>
    None,

    /// <summary>The place in the partition.</summary>
    Offset,

    /// <summary>The number in the partition.</summary>
    SequenceNumber,

    /// <summary>When the hub took it in, in milliseconds of the Unix epoch.</summary>
    EnqueuedTime,

    /// <summary>Behind everything that is there.</summary>
    Latest,
}
