using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

/// <summary>The datasheet's worked example and its neighbours, through the driver's arithmetic and through the chip's own.</summary>
public sealed class Bme280CalibrationTests
{
    private static readonly Bme280Nvm WorkedExample = new(
        27_504, 26_435, -1_000, 36_477, -10_685, 3_024, 2_855, 140, -7, 15_500, -14_600, 6_000, H1: 75, H2: 361, H3: 0, H4: 324, H5: 50, H6: 30);

    [Theory]
    [InlineData(519_888, 415_148, 30_000, 25.0825, 100_653.2668, 50.9431)]
    [InlineData(480_000, 400_000, 25_000, 12.5669, 101_295.4491, 23.4859)]
    [InlineData(415_000, 350_000, 20_000, -7.9056, 106_289.2023, 0)]
    [InlineData(524_288, 524_288, 32_768, 26.4608, 82_044.5402, 66.3614)]
    [InlineData(519_888, 415_148, 10_000, 25.0825, 100_653.2668, 0)]
    [InlineData(519_888, 415_148, 50_000, 25.0825, 100_653.2668, 100)]
    public void Raw_words_become_the_published_quantities(int temperature, int pressure, int humidity, double celsius, double pascals, double percent)
    {
        Assert.True(Bme280Calibration.TryParse(WorkedExample.LowBlock(), WorkedExample.HighBlock(), out Bme280Calibration? calibration));
        double fine = calibration.FineTemperature(temperature);

        Assert.Equal(celsius, Bme280Calibration.Celsius(fine), 4);
        Assert.Equal(pascals, calibration.Pascals(pressure, fine)!.Value, 4);
        Assert.Equal(percent, calibration.Percent(humidity, fine), 4);
    }

    [Theory]
    [InlineData(519_888, 415_148, 30_000, 25.0825, 100_653.2668, 50.9431)]
    [InlineData(480_000, 400_000, 25_000, 12.5669, 101_295.4491, 23.4859)]
    public void The_chip_reckons_the_same_with_arithmetic_of_its_own(int temperature, int pressure, int humidity, double celsius, double pascals, double percent)
    {
        var physics = new Bme280Physics(WorkedExample);
        double fine = physics.TFine(temperature);

        Assert.Equal(celsius, fine / 5120, 4);
        Assert.Equal(pascals, physics.Pascals(pressure, fine), 4);
        Assert.Equal(percent, physics.Percent(humidity, fine), 4);
        Assert.Equal((temperature, pressure, humidity), (physics.RawTemperature(fine / 5120), physics.RawPressure(physics.Pascals(pressure, fine), temperature), physics.RawHumidity(physics.Percent(humidity, fine), temperature)));
    }

    [Theory]
    [InlineData(-1, 50)]
    [InlineData(324, -1)]
    [InlineData(-300, -26)]
    [InlineData(-2048, 2047)]
    [InlineData(2047, -2048)]
    public void Twelve_bit_words_keep_their_sign(int h4, int h5)
    {
        Bme280Nvm unit = WorkedExample with { H4 = h4, H5 = h5 };

        Assert.True(Bme280Calibration.TryParse(unit.LowBlock(), unit.HighBlock(), out Bme280Calibration? calibration));
        Assert.Equal((h4, h5), (calibration.H4, calibration.H5));
    }

    [Theory]
    [InlineData((byte)0x00)]
    [InlineData((byte)0xFF)]
    public void A_blank_factory_memory_is_refused(byte value) =>
        Assert.False(Bme280Calibration.TryParse([.. Enumerable.Repeat(value, 26)], [.. Enumerable.Repeat(value, 7)], out _));

    [Fact]
    public void A_pressure_that_would_divide_by_zero_is_none()
    {
        Bme280Nvm unit = WorkedExample with { P2 = 0, P3 = -32_768 };
        Assert.True(Bme280Calibration.TryParse(unit.LowBlock(), unit.HighBlock(), out Bme280Calibration? calibration));
        double fineAtZeroSlope = (Math.Sqrt(32_768.0 * 524_288 * 524_288 / 32_768) + 64_000) * 2;

        Assert.Null(calibration.Pascals(400_000, fineAtZeroSlope));
    }
}
