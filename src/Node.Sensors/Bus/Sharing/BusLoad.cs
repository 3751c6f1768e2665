namespace Node.Sensors.Bus;

/// <summary>How busy a bus is, or one device on it.</summary>
/// <param name="Bus">Such as <c>i2c-1</c> or <c>spi-0</c>.</param>
/// <param name="Device">Such as <c>0x76</c>, <c>0x44 behind 0x70 channel 2</c> or <c>select 0</c>; empty for the whole bus.</param>
/// <param name="Transfers">Transfers since the start, failed ones included.</param>
/// <param name="Failures">Transfers that the controller reported as failed.</param>
/// <param name="Bits">Bit times on the wires since the start.</param>
/// <param name="Busy">The same as time, at the bus's clock.</param>
/// <param name="MillisecondsPerSecond">How many milliseconds of each second the wires are busy, over the last ten seconds.</param>
public readonly record struct BusLoad(string Bus, string Device, long Transfers, long Failures, long Bits, TimeSpan Busy, double MillisecondsPerSecond)
{
    /// <summary>The same as a share of the time, 0 to 100; more when more was asked than a bus of this clock can carry.</summary>
    public double Percent => MillisecondsPerSecond / 10;
}
