namespace Node.Sensors.Bus;

/// <summary>How exactly a program must repeat what was recorded.</summary>
public enum ReplayMode
{
    /// <summary>On each bus every transfer must be the next one of the trace, byte for byte.</summary>
    Strict,

    /// <summary>A transfer is answered by what was recorded for its address and register nearest in time.</summary>
    Lenient,
}
