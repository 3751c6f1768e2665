using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

public sealed class SignalAnalyzerTests
{
    private const int Length = 2048;
    private const double Rate = 3200;

    [Theory, InlineData(100.0), InlineData(100.3), InlineData(99.4), InlineData(12.7), InlineData(1583.1)]
    public void A_sine_has_its_known_figures(double hertz)
    {
        SignalSummary summary = new SignalAnalyzer(Length, Rate).Analyze(Samples(at => 1 + (0.5 * Math.Sin(2 * Math.PI * hertz * at))));

        Assert.Equal(1, summary.Mean, 0.01);
        Assert.Equal(0.5 / Math.Sqrt(2), summary.Rms, 0.005);
        Assert.Equal(0.5, summary.Peak, 0.02);
        Assert.Equal(1, summary.PeakToPeak, 0.01);
        Assert.Equal(Math.Sqrt(2), summary.CrestFactor!.Value, 0.05);
        Assert.Equal(hertz, summary.DominantHertz!.Value, 0.1);
    }

    [Fact]
    public void A_square_wave_has_a_crest_factor_of_one_and_a_shock_a_high_one()
    {
        SignalAnalyzer analyzer = new(64, 64);

        SignalSummary square = analyzer.Analyze([.. Enumerable.Range(0, 64).Select(static i => i / 4 % 2 == 0 ? 2.0 : -2.0)]);
        SignalSummary shock = analyzer.Analyze([.. Enumerable.Range(0, 64).Select(static i => i == 32 ? 64.0 : 0)]);

        Assert.Equal((0, 2, 2, 4, 1, 8), (square.Mean, square.Rms, square.Peak, square.PeakToPeak, square.CrestFactor!.Value, Math.Round(square.DominantHertz!.Value, 6)));
        Assert.Equal(63, shock.Peak, 9);
        Assert.Equal(Math.Sqrt(63), shock.Rms, 9);
        Assert.Equal(Math.Sqrt(63), shock.CrestFactor!.Value, 9);
    }

    [Fact]
    public void The_stronger_of_two_tones_dominates_and_each_counts_in_its_band()
    {
        SignalAnalyzer analyzer = new(Length, Rate, bandCount: 4); // 400 Hz each

        SignalSummary summary = analyzer.Analyze(Samples(static at => (0.2 * Math.Sin(2 * Math.PI * 151 * at)) + (0.8 * Math.Sin(2 * Math.PI * 1000 * at))));

        Assert.Equal(1000, summary.DominantHertz!.Value, 0.1);
        Assert.Equal(0.2 / Math.Sqrt(2), analyzer.BandRms[0], 0.002);
        Assert.Equal(0, analyzer.BandRms[1], 0.002);
        Assert.Equal(0.8 / Math.Sqrt(2), analyzer.BandRms[2], 0.002);
        Assert.Equal(0, analyzer.BandRms[3], 0.002);
    }

    [Fact]
    public void What_does_not_move_has_neither_crest_factor_nor_frequency()
    {
        SignalSummary summary = new SignalAnalyzer(64, 100).Analyze([.. Enumerable.Repeat(1.5, 64)]);

        Assert.Equal(new SignalSummary(1.5, 0, 0, 0, null, null), summary);
    }

    [Fact]
    public void The_transform_agrees_with_the_sum_that_defines_it()
    {
        Random random = new(3);
        double[] values = [.. Enumerable.Range(0, 64).Select(_ => random.NextDouble() - 0.5)];
        double[] power = new double[33];

        new FourierTransform(64).Power(values, power);

        for (int bin = 0; bin <= 32; bin++)
        {
            double real = values.Select((value, i) => value * Math.Cos(2 * Math.PI * bin * i / 64)).Sum();
            double imaginary = values.Select((value, i) => value * Math.Sin(2 * Math.PI * bin * i / 64)).Sum();
            Assert.Equal((real * real) + (imaginary * imaginary), power[bin], 9);
        }
    }

    [Fact]
    public void Nothing_is_allocated_after_the_first_window()
    {
        SignalAnalyzer analyzer = new(Length, Rate, bandCount: 8);
        double[] samples = Samples(static at => Math.Sin(1000 * at));
        analyzer.Analyze(samples);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 20; i++) { analyzer.Analyze(samples); }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Only_windows_of_a_power_of_two_are_possible()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalAnalyzer(1000, Rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalAnalyzer(32, Rate));
        Assert.Throws<ArgumentOutOfRangeException>(() => new SignalAnalyzer(64, 0));
        Assert.Throws<ArgumentException>(() => new SignalAnalyzer(64, Rate).Analyze(new double[63]));
    }

    private static double[] Samples(Func<double, double> signal) => [.. Enumerable.Range(0, Length).Select(i => signal(i / Rate))];
}
