namespace Node.Sensors.Filters;

/// <summary>What is wrong with a value that was measured without any error. Several can be true at once.</summary>
[Flags]
public enum ValueQuality
{
    /// <summary>Nothing.</summary>
    Good = 0,

    /// <summary>It is smaller or larger than its limits allow.</summary>
    OutOfRange = 1,

    /// <summary>It has not changed for longer than a living sensor's noise allows.</summary>
    Stuck = 2,

    /// <summary>It is no number (NaN): a filter says that the value is not known.</summary>
    Unknown = 4,
}
