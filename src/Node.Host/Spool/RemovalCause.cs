namespace Node.Host.Spool;

/// <summary>Why a message leaves the spool.</summary>
internal enum RemovalCause
{
    /// <summary>The hub has it.</summary>
    Confirmed,

    /// <summary>Room was needed for newer ones.</summary>
    Capacity,

    /// <summary>Room was needed, and the messages around it stay.</summary>
    Thinning,

    /// <summary>An operator threw it away.</summary>
    Purge,

    /// <summary>It was older than the greatest age.</summary>
    Age,
}
