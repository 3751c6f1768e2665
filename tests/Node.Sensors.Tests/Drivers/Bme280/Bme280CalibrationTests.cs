using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Bme280CalibrationTests
{
    private static readonly byte[] Low = Bme280Vectors.Bytes(Bme280Vectors.LowBlock);
    private static readonly byte[] High = Bme280Vectors.Bytes(Bme280Vectors.HighBlock);

    public static TheoryData<int, int, int, int, int, long, int, double, double, double> Rows => Bme280Vectors.Rows;

    [Fact]
    public void Every_word_is_read_from_its_registers()
    {
        Bme280Calibration expected = new()
        {
            T1 = 27504,
            T2 = 26435,
            T3 = -1000,
            P1 = 36477,
            P2 = -10685,
            P3 = 3024,
            P4 = 2855,
            P5 = 140,
            P6 = -7,
            P7 = 15500,
            P8 = -14600,
            P9 = 6000,
            H1 = 75,
            H2 = 361,
            H3 = 0,
            H4 = 324,
            H5 = 50,
            H6 = 30,
        };

        Assert.Equal(expected, Parse(Low, High));
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_double_formulas_give_the_printed_digits(
        int ut, int up, int uh, int tFine, int hundredths, long pascals256, int percent1024, double celsius, double pascals, double percent)
    {
        Bme280Calibration calibration = Parse(Low, High);

        double fine = calibration.FineTemperature(ut);

        Assert.Equal(celsius, Bme280Calibration.Celsius(fine), 4);
        Assert.Equal(pascals, calibration.Pascals(up, fine)!.Value, 4);
        Assert.Equal(percent, calibration.Percent(uh, fine), 4);
        Assert.InRange(fine - tFine, -2, 2);
        Assert.InRange((Bme280Calibration.Celsius(fine) * 100) - hundredths, -1, 1);
        Assert.InRange(calibration.Pascals(up, fine)!.Value - (pascals256 / 256.0), -0.1, 0.1);
        Assert.InRange(calibration.Percent(uh, fine) - (percent1024 / 1024.0), -0.01, 0.01);
    }

    [Theory, MemberData(nameof(Rows))]
    public void The_third_opinion_gives_the_integer_columns_exactly(
        int ut, int up, int uh, int tFine, int hundredths, long pascals256, int percent1024, double celsius, double pascals, double percent)
    {
        Bme280Calibration calibration = Parse(Low, High);

        int fine = Bme280FixedPoint.TFine(calibration, ut);

        Assert.Equal(tFine, fine);
        Assert.Equal(hundredths, Bme280FixedPoint.HundredthsCelsius(fine));
        Assert.Equal(pascals256, Bme280FixedPoint.PascalsTimes256(calibration, up, fine));
        Assert.Equal(percent1024, Bme280FixedPoint.PercentTimes1024(calibration, uh, fine));
        Assert.InRange(celsius - (hundredths / 100.0), -0.01, 0.01);
        Assert.InRange(pascals - (pascals256 / 256.0), -0.1, 0.1);
        Assert.InRange(percent - (percent1024 / 1024.0), -0.01, 0.01);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Over_the_whole_range_and_many_units_the_integer_formulas_agree(int seed)
    {
        Random random = new(seed);
        for (int unit = 0; unit < 50; unit++)
        {
            Bme280Nvm nvm = Bme280Nvm.Draw(random.Next());
            Bme280Physics physics = new(nvm);
            Bme280Calibration calibration = Parse(nvm.LowBlock(), nvm.HighBlock());
            for (int point = 0; point < 70; point++)
            {
                int ut = physics.RawTemperature(-40 + (125 * random.NextDouble()));
                int up = physics.RawPressure(30_000 + (80_000 * random.NextDouble()), ut);
                int uh = physics.RawHumidity(100 * random.NextDouble(), ut);
                double fine = calibration.FineTemperature(ut);
                int whole = Bme280FixedPoint.TFine(calibration, ut);

                Assert.InRange(Bme280Calibration.Celsius(fine) - (Bme280FixedPoint.HundredthsCelsius(whole) / 100.0), -0.01, 0.01);
                Assert.InRange(calibration.Pascals(up, fine)!.Value - (Bme280FixedPoint.PascalsTimes256(calibration, up, whole) / 256.0), -2, 2);
                Assert.InRange(calibration.Percent(uh, fine) - (Bme280FixedPoint.PercentTimes1024(calibration, uh, whole) / 1024.0), -0.03, 0.03);
            }
        }
    }

    [Theory]
    [InlineData(0x14, 0x24, 0x03, 324, 50)]
    [InlineData(0x7F, 0xFF, 0x7F, 2047, 2047)]
    [InlineData(0x80, 0x00, 0x80, -2048, -2048)]
    [InlineData(0xFF, 0xFF, 0xFF, -1, -1)]
    [InlineData(0x00, 0xE1, 0xFC, 1, -50)]
    public void H4_and_H5_are_signed_and_share_a_register(byte e4, byte e5, byte e6, int h4, int h5)
    {
        byte[] high = [.. High];
        (high[3], high[4], high[5]) = (e4, e5, e6);

        Bme280Calibration calibration = Parse(Low, high);

        Assert.Equal(h4, calibration.H4);
        Assert.Equal(h5, calibration.H5);
    }

    [Theory, InlineData(0x00), InlineData(0xFF)]
    public void A_blank_block_is_refused(byte fill)
    {
        byte[] blankLow = [.. Enumerable.Repeat(fill, Low.Length)];
        byte[] blankHigh = [.. Enumerable.Repeat(fill, High.Length)];

        Assert.False(Bme280Calibration.TryParse(blankLow, High, out _));
        Assert.False(Bme280Calibration.TryParse(Low, blankHigh, out _));
    }

    [Theory, InlineData(0), InlineData(2), InlineData(6)]
    public void A_zero_where_the_formulas_multiply_or_divide_is_refused(int word)
    {
        byte[] low = [.. Low];
        low[word] = low[word + 1] = 0;

        Assert.False(Bme280Calibration.TryParse(low, High, out _));
    }

    [Fact]
    public void A_pressure_that_would_divide_by_zero_is_not_computed()
    {
        Bme280Calibration calibration = Parse(Low, High) with { P2 = short.MinValue, P3 = 0 };

        Assert.Null(calibration.Pascals(415_148, fineTemperature: 2 * (524_288 + 64_000)));
    }

    private static Bme280Calibration Parse(byte[] low, byte[] high)
    {
        Assert.True(Bme280Calibration.TryParse(low, high, out Bme280Calibration? calibration));
        return calibration;
    }
}
