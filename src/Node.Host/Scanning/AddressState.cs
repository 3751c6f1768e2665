namespace Node.Host.Scanning;

/// <summary>What a probe of one I2C address found.</summary>
internal enum AddressState
{
    /// <summary>Nothing acknowledges.</summary>
    Silent,

    /// <summary>Something acknowledges.</summary>
    Answers,

    /// <summary>A driver of the kernel has it, so it was not asked.</summary>
    TakenByDriver,
}
