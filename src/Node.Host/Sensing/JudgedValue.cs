using Node.Sensors.Drivers;

namespace Node.Host.Sensing;

/// <summary>One quantity of one reading: as the chip gave it, as it goes out, and how far it can be believed.</summary>
/// <param name="Quantity">What was measured.</param>
/// <param name="Raw">The driver's value, in the quantity's unit.</param>
/// <param name="Filtered">What the filters made of it; null when they hold it back, NaN when they say that it is not known.</param>
/// <param name="Quality">How far the raw value can be believed.</param>
/// <param name="Decimals">Digits after the decimal point in telemetry.</param>
internal readonly record struct JudgedValue(Quantity Quantity, double Raw, double? Filtered, Quality Quality, int Decimals)
{
    /// <summary>The value that goes out, rounded; null when it is held back or not known.</summary>
    public double? Shown => Filtered is { } value && double.IsFinite(value) ? Math.Round(value, Decimals) : null;

    /// <summary>Whether it goes out, be it only to say that it is not known.</summary>
    public bool GoesOut => Filtered is not null;

    /// <summary>The raw value with two digits more than are sent, so that what a filter does can be seen.</summary>
    public double ShownRaw => Math.Round(Raw, Math.Min(Decimals + 2, 15));
}
