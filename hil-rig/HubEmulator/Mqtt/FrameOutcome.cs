namespace HubEmulator.Mqtt;

/// <summary>What the front of a byte stream holds.</summary>
internal enum FrameOutcome
{
    /// <summary>A whole packet.</summary>
    Complete,

    /// <summary>The beginning of a packet that may still be right.</summary>
    Incomplete,

    /// <summary>Nothing that could become a packet; the connection must end.</summary>
    Malformed,
}
