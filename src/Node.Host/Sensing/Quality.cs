namespace Node.Host.Sensing;

/// <summary>How far a value can be believed; the later in this list, the worse.</summary>
internal enum Quality
{
    Good,

    /// <summary>An earlier value given again, because no new one could be had.</summary>
    Stale,

    /// <summary>The raw value has not moved for longer than configured.</summary>
    Stuck,

    /// <summary>The raw value is outside the limits configured for its quantity.</summary>
    OutOfRange,
}
