namespace Node.Sensors.Emulation;

/// <summary>The choice between a datasheet's times.</summary>
internal static class ConversionTimes
{
    /// <param name="time">The choice.</param>
    /// <param name="typical">In any unit.</param>
    /// <param name="longest">In the same unit.</param>
    /// <param name="shortest">In the same unit; where the datasheet names none, a tenth less than typical.</param>
    public static double Of(this ConversionTime time, double typical, double longest, double? shortest = null) => time switch
    {
        ConversionTime.Minimum => shortest ?? (0.9 * typical),
        ConversionTime.Maximum => longest,
        _ => typical,
    };
}
