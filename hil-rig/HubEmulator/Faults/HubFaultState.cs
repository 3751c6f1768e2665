namespace HubEmulator;

/// <summary>How far a fault has got.</summary>
public enum HubFaultState
{
    /// <summary>Its time has not come.</summary>
    Waiting,

    /// <summary>It is in force.</summary>
    Active,

    /// <summary>It is over.</summary>
    Ended,
}
