using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Signals;

namespace Node.Sensors.Tests.Signals;

public sealed class Adxl345VibrationTests
{
    private static readonly VibrationOptions Short = new() { Pin = VibrationBench.Pin, WindowLength = 1024, Bands = 2 };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_shaking_axis_is_told_in_figures()
    {
        using VibrationBench bench = new(static at => 2 * Math.Sin(2 * Math.PI * 120 * at.TotalSeconds));
        using Adxl345Vibration sensor = new(bench.Recorder, Short);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(2 / Math.Sqrt(2), reading["rmsX"], 0.02);
        Assert.Equal(2, reading["peakX"], 0.05);
        Assert.Equal(4, reading["peakToPeakX"], 0.05);
        Assert.Equal(Math.Sqrt(2), reading["crestFactorX"], 0.05);
        Assert.Equal(120, reading["dominantFrequencyX"], 0.5);
        Assert.Equal(2 / Math.Sqrt(2), reading["band1RmsX"], 0.02);
        Assert.Equal(0, reading["band2RmsX"], 0.02);
        Assert.Equal(0, reading["rmsY"]);
        Assert.False(reading.TryGetValue("dominantFrequencyY", out _));
        Assert.Equal((0, 0), (reading["clippedSamples"], reading["overruns"]));
        Assert.All(reading.Values, static value => Assert.InRange(value.Value, value.Quantity.Minimum, value.Quantity.Maximum));
    }

    [Fact]
    public async Task Samples_lost_between_two_windows_are_no_overrun()
    {
        using VibrationBench bench = new(static at => Math.Sin(2 * Math.PI * 50 * at.TotalSeconds));
        using Adxl345Vibration sensor = new(bench.Recorder, Short);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Bench.Clock.Advance(TimeSpan.FromSeconds(10));
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(0, reading["overruns"]);
        Assert.Equal(50, reading["dominantFrequencyX"], 0.5);
    }

    [Fact]
    public async Task A_window_with_a_gap_is_taken_again_and_counted()
    {
        using VibrationBench bench = new(static at => Math.Sin(2 * Math.PI * 50 * at.TotalSeconds));
        using Adxl345Vibration sensor = new(bench.Recorder, Short);
        bool stalled = false;

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), count =>
        {
            if (stalled || count < 500) { return; }

            stalled = true;
            bench.Bench.Clock.Advance(TimeSpan.FromMilliseconds(50)); // five times what the FIFO holds
        });

        Assert.True(stalled);
        Assert.Equal(1, reading["overruns"]);
        Assert.True(bench.Recorder.Count > 500 + Short.WindowLength);
        Assert.Equal(50, reading["dominantFrequencyX"], 0.5);
    }

    [Fact]
    public async Task A_shock_beyond_the_range_is_told_as_clipped_samples()
    {
        using VibrationBench bench = new(static at => at.TotalSeconds is > 0.1 and < 0.11 ? 40 : 0);
        using Adxl345Vibration sensor = new(bench.Recorder, Short);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.InRange(reading["clippedSamples"], 31, 33);
        Assert.InRange(reading["peakX"], 15, 16);
    }

    [Fact]
    public async Task The_catalogue_opens_it_from_texts()
    {
        SpiBench bench = new(new() { Chip = "ADXL345", InterruptPin = 22 });
        List<string> faults = [];
        SensorChip chip = SensorCatalog.Chips.Single(static chip => chip.Name == "ADXL345Vibration");
        chip.CheckOptions(new Dictionary<string, string>(), "Options", faults);
        chip.CheckOptions(new Dictionary<string, string> { ["Pin"] = "22", ["WindowLength"] = "1000" }, "Options", faults);

        using ISensor sensor = SensorCatalog.Open(
            new() { Chip = chip.Name }, new Dictionary<string, string> { ["Pin"] = "22", ["WindowLength"] = "64", ["Range"] = "G4" }, bench.Buses, bench.Clock);
        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);

        Assert.Equal("ADXL345", chip.Part);
        Assert.StartsWith("Options:Pin: is missing; allowed is a whole number from 0 to 53", faults[0], StringComparison.Ordinal);
        Assert.StartsWith("Options: the options do not go together: A power of two", faults[1], StringComparison.Ordinal);
        Assert.False(call.IsCompleted);
        bench.Bus.Detach(0);
        await Assert.ThrowsAsync<SensorException>(async () => await bench.Run(call));
    }
}
