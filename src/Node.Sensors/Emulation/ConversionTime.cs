namespace Node.Sensors.Emulation;

/// <summary>Which of the datasheet's conversion times an emulated chip takes. Both are legal for a real one, so a driver must bear both.</summary>
public enum ConversionTime
{
    /// <summary>The typical time.</summary>
    Typical,

    /// <summary>The longest time.</summary>
    Maximum,
}
