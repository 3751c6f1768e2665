namespace Node.Sensors.Emulation;

/// <summary>Which of the datasheet's conversion times an emulated chip takes. All are legal for a real one, so a driver must bear all.</summary>
public enum ConversionTime
{
    /// <summary>The typical time.</summary>
    Typical,

    /// <summary>The longest time.</summary>
    Maximum,

    /// <summary>The shortest time: the datasheet's, or where it names none a tenth less than the typical one.</summary>
    Minimum,
}
