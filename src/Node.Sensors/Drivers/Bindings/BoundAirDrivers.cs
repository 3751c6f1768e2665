using Iot.Device.Bmxx80;
using Iot.Device.Bmxx80.FilteringMode;
using Iot.Device.Bmxx80.ReadResult;
using Iot.Device.Sht3x;
using UnitsNet;
using BoundBme280 = Iot.Device.Bmxx80.Bme280;
using BoundScd4x = Iot.Device.Scd4x.Scd4x;
using BoundSht3x = Iot.Device.Sht3x.Sht3x;

namespace Node.Sensors.Drivers;

/// <summary>BME280, SHT31 and SCD41 with the drivers of Iot.Device.Bindings.</summary>
internal static class BoundAirDrivers
{
    public static SensorOpening Bme280(SensorChip own)
    {
        SensorOptionTable<Bme280Options> table = new SensorOptionTable<Bme280Options>(new(), static options => options.Validate())
            .Choice("TemperatureOversampling", "samples that make one temperature", static o => o.Temperature, static (o, v) => o with { Temperature = v }, Bme280Oversampling.Skipped)
            .Choice("PressureOversampling", "samples that make one pressure", static o => o.Pressure, static (o, v) => o with { Pressure = v }, Bme280Oversampling.Skipped)
            .Choice("HumidityOversampling", "samples that make one humidity", static o => o.Humidity, static (o, v) => o with { Humidity = v }, Bme280Oversampling.Skipped)
            .Choice("Filter", "the chip's IIR filter on temperature and pressure", static o => o.Filter, static (o, v) => o with { Filter = v });
        return new SensorOpening<Bme280Options>(table, _ => own.Quantities, (buses, connection, options, _) => BoundSensor.OnI2c(
            own, own.Quantities, buses, connection,
            device => new BoundBme280(device)
            {
                TemperatureSampling = (Sampling)options.Temperature, // both have the chip's codes
                PressureSampling = (Sampling)options.Pressure,
                HumiditySampling = (Sampling)options.Humidity,
                FilterMode = (Bmx280FilteringMode)options.Filter,
            },
            static async (driver, _) =>
            {
                Bme280ReadResult result = await driver.ReadAsync();
                return [result.Temperature?.DegreesCelsius ?? double.NaN, result.Humidity?.Percent ?? double.NaN, result.Pressure?.Kilopascals ?? double.NaN];
            }));
    }

    /// <remarks>The package's driver answers a wrong checksum with the value before and says nothing, and rounds to 0.1.</remarks>
    public static SensorOpening Sht31(SensorChip own)
    {
        SensorOptionTable<Sht31Options> table = new SensorOptionTable<Sht31Options>(new(), static options => options.Validate())
            .Choice("Repeatability", "the higher, the less noise and the longer a measurement", static o => o.Repeatability, static (o, v) => o with { Repeatability = v })
            .Flag("Heater", "whether the heater runs", static o => o.Heater, static (o, v) => o with { Heater = v });
        return new SensorOpening<Sht31Options>(table, _ => own.Quantities, (buses, connection, options, _) => BoundSensor.OnI2c(
            own, own.Quantities, buses, connection,
            device => new BoundSht3x(device, options.Repeatability switch { Sht31Repeatability.Low => Resolution.Low, Sht31Repeatability.Medium => Resolution.Medium, _ => Resolution.High })
            {
                Heater = options.Heater,
            },
            static (driver, _) => ValueTask.FromResult<double[]>([driver.Temperature.DegreesCelsius, driver.Humidity.Percent])));
    }

    public static SensorOpening Scd41(SensorChip own)
    {
        SensorOptionTable<Scd41Options> table = new(new(), static options => options.Validate());
        return new SensorOpening<Scd41Options>(table, _ => own.Quantities, (buses, connection, _, _) => BoundSensor.OnI2c(
            own, own.Quantities, buses, connection,
            static device => new BoundScd4x(device),
            static async (driver, cancellationToken) =>
            {
                (VolumeConcentration? carbonDioxide, RelativeHumidity? humidity, Temperature? temperature) = await driver.ReadPeriodicMeasurementAsync(cancellationToken);
                return [carbonDioxide?.PartsPerMillion ?? double.NaN, temperature?.DegreesCelsius ?? double.NaN, humidity?.Percent ?? double.NaN];
            }));
    }
}
