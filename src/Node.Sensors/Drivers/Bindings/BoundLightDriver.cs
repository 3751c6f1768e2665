using Iot.Device.Bh1750fvi;

namespace Node.Sensors.Drivers;

/// <summary>The BH1750 with the driver of Iot.Device.Bindings.</summary>
internal static class BoundLightDriver
{
    /// <summary>The longest conversion (technical note, electrical characteristics).</summary>
    private static readonly TimeSpan ConversionTime = TimeSpan.FromMilliseconds(180);

    /// <remarks>The package's driver reads in the same breath in which it starts, so each value is asked for twice with the conversion between.</remarks>
    public static SensorOpening Bh1750(SensorChip own)
    {
        SensorOptionTable<Bh1750Options> table = new SensorOptionTable<Bh1750Options>(new(), static options => options.Validate())
            .Choice("Resolution", "4 lx in 16 ms, 1 lx in 120 ms or 0.5 lx in 120 ms", static o => o.Resolution, static (o, v) => o with { Resolution = v });
        return new SensorOpening<Bh1750Options>(table, _ => own.Quantities, (buses, connection, options, time) => BoundSensor.OnI2c(
            own, own.Quantities, buses, connection,
            device => new Bh1750fvi(device, options.Resolution switch
            {
                Bh1750Resolution.Low => MeasuringMode.ContinuouslyLowResolutionMode,
                Bh1750Resolution.HalfLux => MeasuringMode.ContinuouslyHighResolutionMode2,
                _ => MeasuringMode.ContinuouslyHighResolutionMode,
            }),
            async (driver, cancellationToken) =>
            {
                _ = driver.Illuminance;
                await Task.Delay(ConversionTime, time, cancellationToken);
                return [driver.Illuminance.Lux];
            }));
    }
}
