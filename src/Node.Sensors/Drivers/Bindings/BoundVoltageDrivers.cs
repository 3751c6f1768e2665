using System.Device.Spi;
using Iot.Device.Ads1115;
using BoundAds1115 = Iot.Device.Ads1115.Ads1115;
using BoundMcp3008 = Iot.Device.Adc.Mcp3008;

namespace Node.Sensors.Drivers;

/// <summary>ADS1115 and MCP3008 with the drivers of Iot.Device.Bindings.</summary>
internal static class BoundVoltageDrivers
{
    private const double Codes = 1024; // MCP3008 datasheet DS21295, equation 4-1

    public static SensorOpening Ads1115(SensorChip own)
    {
        SensorOptionTable<Ads1115Options> table = new SensorOptionTable<Ads1115Options>(new(), static options => options.Validate())
            .Choice("DataRate", "conversions a second: the slower, the less noise", static o => o.DataRate, static (o, v) => o with { DataRate = v });
        return new SensorOpening<Ads1115Options>(table, _ => own.Quantities, (buses, connection, options, _) => BoundSensor.OnI2c(
            own, own.Quantities, buses, connection,
            device => new BoundAds1115(device, dataRate: (DataRate)options.DataRate, deviceMode: DeviceMode.PowerDown), // both have the chip's codes
            (driver, _) => ValueTask.FromResult<double[]>([.. options.Channels.Select(channel => driver.ReadVoltage((InputMultiplexer)channel.Input).Volts)])));
    }

    public static SensorOpening Mcp3008(SensorChip own)
    {
        SensorOptionTable<Mcp3008Options> table = new SensorOptionTable<Mcp3008Options>(new(), static options => options.Validate())
            .Number("ReferenceVolts", "the voltage on VREF in volts", 0.25, 5.5, static o => o.ReferenceVolts, static (o, v) => o with { ReferenceVolts = v })
            .Integer("ClockHertz", "the bus clock in hertz", 10_000, 3_600_000, static o => o.ClockHertz, static (o, v) => o with { ClockHertz = v });
        return new SensorOpening<Mcp3008Options>(table, options => Scaled(own, options), (buses, connection, options, _) => BoundSensor.OnSpi(
            own, Scaled(own, options), buses,
            new SpiConnectionSettings(connection.SpiBusId, connection.ChipSelect) { Mode = SpiMode.Mode0, ClockFrequency = options.ClockHertz },
            static device => new BoundMcp3008(device),
            (driver, _) => ValueTask.FromResult<double[]>([.. Enumerable.Range(0, own.Quantities.Count).Select(channel => driver.Read(channel) * options.ReferenceVolts / Codes)])));
    }

    private static IReadOnlyList<Quantity> Scaled(SensorChip own, Mcp3008Options options) =>
        [.. own.Quantities.Select(quantity => quantity with { Maximum = options.ReferenceVolts })];
}
