namespace HubEmulator.Events;

/// <summary>Whether a reader may read.</summary>
internal enum SeatVerdict
{
    /// <summary>It may.</summary>
    Seated,

    /// <summary>Another one has a higher owner level, or has one at all.</summary>
    Owned,

    /// <summary>Too many read already.</summary>
    Full,
}
