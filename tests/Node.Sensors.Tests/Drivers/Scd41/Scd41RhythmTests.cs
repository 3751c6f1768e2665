using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

/// <summary>A chip that measures by its own clock is asked when its next measurement can be expected, and not all the time.</summary>
public sealed class Scd41RhythmTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(ConversionTime.Typical, 8)]
    [InlineData(ConversionTime.Minimum, 8)]
    [InlineData(ConversionTime.Maximum, 20)]
    public async Task Read_as_fast_as_it_measures_it_is_asked_a_few_times_for_each_measurement(ConversionTime time, int most)
    {
        ChipBench<Scd41Chip> bench = Bench(time);
        TamperedDevice wire = new(bench.Open());
        using Scd41 sensor = new(wire, new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

        for (int measurement = 0; measurement < 100; measurement++)
        {
            int before = Questions(wire);

            await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

            Assert.InRange(Questions(wire) - before, 1, most);
        }

        Assert.Equal(0, bench.Chip.ForbiddenCommands);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Read_at_any_moment_it_has_a_value_within_its_period(int seed)
    {
        Random random = new(seed);
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = new(bench.Open(), new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);

        for (int measurement = 0; measurement < 100; measurement++)
        {
            bench.Pass(random.Next(4) == 0 ? random.Next(200_000) : random.Next(7_000));

            TimeSpan took = await bench.TimeOf(() => sensor.MeasureAsync(Cancelled).AsTask(), stepMilliseconds: 1);

            Assert.InRange(took, TimeSpan.Zero, Period + TimeSpan.FromMilliseconds(200));
        }
    }

    [Fact]
    public async Task A_measurement_that_another_program_reads_first_is_no_fault_and_the_next_one_is_found()
    {
        ChipBench<Scd41Chip> bench = Bench();
        using Scd41 sensor = new(bench.Open(), new(), bench.Clock);
        using Scd41 other = new(bench.Open(), new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 1);
        await bench.Run(other.MeasureAsync(Cancelled), stepMilliseconds: 1); // It begins the rhythm anew, at another moment than the first one knows of.

        TimeSpan took = await bench.TimeOf(() => sensor.MeasureAsync(Cancelled).AsTask(), stepMilliseconds: 1);

        Assert.InRange(took, TimeSpan.Zero, Period * 1.1 + TimeSpan.FromMilliseconds(200));
    }

    private static int Questions(TamperedDevice wire) => wire.Written.Count(static bytes => bytes is [0xE4, 0xB8]);

    private static ChipBench<Scd41Chip> Bench(ConversionTime time = ConversionTime.Typical)
    {
        ChipBench<Scd41Chip> bench = new(new() { Chip = "SCD41", ConversionTime = time });
        bench.Pass(30);
        return bench;
    }
}
