namespace Node.Sensors.Emulation;

/// <summary>What a bus may do with a register.</summary>
public enum RegisterAccess
{
    /// <summary>Writes are acknowledged and have no effect.</summary>
    ReadOnly,

    /// <summary>Reads give the reset value.</summary>
    WriteOnly,

    /// <summary>Both.</summary>
    ReadWrite,
}
