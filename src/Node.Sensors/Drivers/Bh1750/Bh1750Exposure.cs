namespace Node.Sensors.Drivers;

/// <summary>One way of measuring: resolution and measurement time, with what follows from the two. Source: BH1750FVI technical note, electrical characteristics and measurement result adjustment.</summary>
internal readonly record struct Bh1750Exposure(Bh1750Resolution Resolution, int MeasurementTime)
{
    public const int ShortestTime = 31;
    public const int DefaultTime = 69;
    public const int LongestTime = 254;

    /// <summary>What the converter gives when there is more light than it can count.</summary>
    public const int Saturated = 0xFFFF;

    /// <summary>The exposure with the widest range.</summary>
    public static Bh1750Exposure Widest => new(Bh1750Resolution.OneLux, ShortestTime);

    public TimeSpan TypicalTime => Scaled(Resolution == Bh1750Resolution.Low ? 16 : 120);

    public TimeSpan MaximumTime => Scaled(Resolution == Bh1750Resolution.Low ? 24 : 180);

    /// <summary>How long to wait between looks after the typical time, in whole milliseconds, since a shorter wait would be none.</summary>
    public TimeSpan PollPeriod => TimeSpan.FromMilliseconds(Math.Ceiling((MaximumTime - TypicalTime).TotalMilliseconds / 4));

    public double Lux(int raw, double countsPerLux)
    {
        double counts = countsPerLux * MeasurementTime / DefaultTime * (Resolution == Bh1750Resolution.HalfLux ? 2 : 1);
        return raw / counts;
    }

    private TimeSpan Scaled(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds * MeasurementTime / DefaultTime);
}
