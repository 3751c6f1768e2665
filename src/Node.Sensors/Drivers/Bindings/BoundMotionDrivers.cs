using System.Device.Spi;
using System.Numerics;
using Iot.Device.Adxl345;
using Iot.Device.Imu;
using BoundAdxl345 = Iot.Device.Adxl345.Adxl345;
using BoundMpu6050 = Iot.Device.Imu.Mpu6050;

namespace Node.Sensors.Drivers;

/// <summary>ADXL345 and MPU-6050 with the drivers of Iot.Device.Bindings.</summary>
internal static class BoundMotionDrivers
{
    /// <summary>Metres per second squared in one g, as the package's MPU-6050 driver has it.</summary>
    private const float StandardGravity = 9.807f;

    /// <summary>From its start to the chip's first sample at 100 Hz (ADXL345 datasheet, table 1), with some to spare; before, it reads 0.</summary>
    private static readonly TimeSpan FirstSample = TimeSpan.FromMilliseconds(15);

    public static SensorOpening Adxl345(SensorChip own)
    {
        SensorOptionTable<Adxl345Options> table = new SensorOptionTable<Adxl345Options>(new(), static options => options.Validate())
            .Choice("Range", "the largest acceleration, in g", static o => o.Range, static (o, v) => o with { Range = v });
        return new SensorOpening<Adxl345Options>(table, options => Scaled(own, 2 << (int)options.Range), (buses, connection, options, time) => BoundSensor.OnSpi(
            own, Scaled(own, 2 << (int)options.Range), buses,
            new SpiConnectionSettings(connection.SpiBusId, connection.ChipSelect) { Mode = BoundAdxl345.SpiMode, ClockFrequency = options.ClockHertz },
            device => new BoundAdxl345(device, (GravityRange)options.Range), // both have the chip's codes
            async (driver, cancellationToken) =>
            {
                await Task.Delay(FirstSample, time, cancellationToken);
                Vector3 acceleration = driver.Acceleration;
                return [acceleration.X, acceleration.Y, acceleration.Z];
            }));
    }

    /// <remarks>
    /// The package computes the temperature by another chip's formula, so it is no quantity here; it divides its scales by the sample rate's
    /// divider, so the divider stays 0.
    /// </remarks>
    public static SensorOpening Mpu6050(SensorChip own)
    {
        SensorOptionTable<Mpu6050Options> table = new SensorOptionTable<Mpu6050Options>(new() { SampleRateDivider = 0 }, static options => options.Validate())
            .Choice("AccelerometerRange", "the largest acceleration, in g", static o => o.AccelerometerRange, static (o, v) => o with { AccelerometerRange = v })
            .Choice("GyroscopeRange", "the largest angular rate", static o => o.GyroscopeRange, static (o, v) => o with { GyroscopeRange = v });
        return new SensorOpening<Mpu6050Options>(table, options => Moving(own, options), (buses, connection, options, _) => BoundSensor.OnI2c(
            own, Moving(own, options), buses, connection,
            device => new BoundMpu6050(device)
            {
                AccelerometerRange = (AccelerometerRange)options.AccelerometerRange,
                GyroscopeRange = (GyroscopeRange)options.GyroscopeRange,
                SampleRateDivider = 0,
            },
            static (driver, _) =>
            {
                Vector3 acceleration = driver.GetAccelerometer() / StandardGravity;
                Vector3 rate = driver.GetGyroscopeReading();
                return ValueTask.FromResult<double[]>([acceleration.X, acceleration.Y, acceleration.Z, rate.X, rate.Y, rate.Z]);
            }));
    }

    private static IReadOnlyList<Quantity> Scaled(SensorChip own, double largest) =>
        [.. own.Quantities.Select(quantity => quantity with { Minimum = -largest, Maximum = largest })];

    private static IReadOnlyList<Quantity> Moving(SensorChip own, Mpu6050Options options) =>
    [
        .. own.Quantities.Take(3).Select(quantity => quantity with { Minimum = -(2 << (int)options.AccelerometerRange), Maximum = 2 << (int)options.AccelerometerRange }),
        .. own.Quantities.Skip(3).Take(3).Select(quantity => quantity with { Minimum = -(250 << (int)options.GyroscopeRange), Maximum = 250 << (int)options.GyroscopeRange }),
    ];
}
