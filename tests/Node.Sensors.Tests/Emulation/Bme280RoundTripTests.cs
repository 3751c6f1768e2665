using System.Device.I2c;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Bme280RoundTripTests
{
    private const int Points = 10_000;
    private const int PointsPerUnit = 100;

    /// <summary>The chip is asked over its bus and judged by the driver's formulas, which share nothing with the chip's inverse.</summary>
    [Fact]
    public void Ten_thousand_points_of_a_hundred_units_come_back_within_one_step_of_the_converter()
    {
        Random random = new(11);
        for (int unit = 0; unit < Points / PointsPerUnit; unit++)
        {
            Bench bench = new(seed: unit);
            using I2cDevice device = bench.Open();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
            byte[] low = new byte[26];
            byte[] high = new byte[7];
            device.WriteRead([0x88], low);
            device.WriteRead([0xE1], high);
            Assert.True(Bme280Calibration.TryParse(low, high, out Bme280Calibration? calibration));
            for (int point = 0; point < PointsPerUnit; point++) { Check(bench, device, calibration, random); }
        }
    }

    private static void Check(Bench bench, I2cDevice device, Bme280Calibration calibration, Random random)
    {
        double celsius = -40 + (125 * random.NextDouble());
        double pascals = 30_000 + (80_000 * random.NextDouble());
        double percent = 100 * random.NextDouble();
        (bench.Ambient.TemperatureCelsius, bench.Ambient.PressurePascals, bench.Ambient.HumidityPercent) =
            (Stimulus.Constant(celsius), Stimulus.Constant(pascals), Stimulus.Constant(percent));
        device.Write([0xF2, 0x05, 0xF4, 0xB5]); // sixteen samples of everything: the full 20 bits
        bench.Clock.Advance(TimeSpan.FromMilliseconds(113));
        byte[] raw = new byte[8];
        device.WriteRead([0xF7], raw);
        Bme280Frame frame = Bme280Frame.Decode(raw);

        double fine = calibration.FineTemperature(frame.Temperature);
        Within(celsius, frame.Temperature, one => Bme280Calibration.Celsius(calibration.FineTemperature(one)));
        Within(pascals, frame.Pressure, one => calibration.Pascals(one, fine)!.Value);
        if (frame.Humidity is > 0 and < 65_535 && calibration.Percent(frame.Humidity, fine) is > 0 and < 100)
        {
            Within(percent, frame.Humidity, one => calibration.Percent(one, fine));
        }
    }

    private static void Within(double wanted, int raw, Func<int, double> formula)
    {
        double step = Math.Abs(formula(raw + 1) - formula(raw));
        Assert.InRange(formula(raw), wanted - step, wanted + step);
    }
}
