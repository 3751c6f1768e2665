namespace Node.Host.Scanning;

/// <summary>How far a scan goes behind multiplexers. To look behind one it switches its channels, which a running node would notice.</summary>
internal enum MuxReach
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Behind the channels that sensors are configured on.</summary>
    Configured,

    /// <summary>Behind every channel of whatever keeps bits as a TCA9548A does, which is found out by writing to it.</summary>
    Every,
}
