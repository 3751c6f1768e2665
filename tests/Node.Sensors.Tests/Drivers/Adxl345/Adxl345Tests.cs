using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Adxl345Tests
{
    private static readonly SensorConnection Place = new() { Chip = "ADXL345" };
    private static readonly EmulatedChipOptions Soldered = new() { Chip = "ADXL345" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_measurement_gives_the_world_around_the_chip()
    {
        SpiBench bench = new(Soldered);
        bench.Ambient.AccelerationXG = Stimulus.Constant(-0.5);
        using ISensor sensor = SensorCatalog.Open(new() { Chip = "adxl345" }, bench.Buses, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(["accelerationX", "accelerationY", "accelerationZ"], reading.Values.Select(static value => value.Quantity.Name));
        Assert.Equal([-0.5, 0, 1], reading.Values.Select(static value => value.Value));
        Assert.Equal((-16, 16, "gForce"), (sensor.Quantities[0].Minimum, sensor.Quantities[0].Maximum, sensor.Quantities[0].Unit));
    }

    [Fact]
    public async Task The_datasheets_example_passes_through_the_whole_driver()
    {
        SpiBench bench = new(Soldered);
        using ScriptedSpi device = new(sent => Answer(sent, rate: 0x0A, format: 0x01, x: -64, y: 0, z: 128));
        using Adxl345 sensor = new(device, new() { Range = Adxl345Range.G4, FullResolution = false }, bench.Clock);

        Assert.Equal(new Adxl345Reading(-0.5, 0, 1, IsClipped: false), await bench.Run(sensor.ReadAsync(Cancelled)));
    }

    [Theory]
    [InlineData(Adxl345Range.G2, false, 1.0 / 256), InlineData(Adxl345Range.G4, false, 1.0 / 128), InlineData(Adxl345Range.G8, false, 1.0 / 64)]
    [InlineData(Adxl345Range.G16, false, 1.0 / 32), InlineData(Adxl345Range.G2, true, 1.0 / 256), InlineData(Adxl345Range.G4, true, 1.0 / 256)]
    [InlineData(Adxl345Range.G8, true, 1.0 / 256), InlineData(Adxl345Range.G16, true, 1.0 / 256)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_half_a_step_of_the_converter(Adxl345Range range, bool full, double step)
    {
        Random random = new((int)range + (full ? 10 : 0));
        double most = (2 << (int)range) * 0.995;
        SpiBench bench = new(Soldered);
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, new() { Range = range, FullResolution = full, Rate = Adxl345Rate.Hz3200 }, bench.Clock);
        for (int point = 0; point < 1_250; point++)
        {
            double[] g = [.. Enumerable.Range(0, 3).Select(_ => most * ((2 * random.NextDouble()) - 1))];
            bench.Ambient.AccelerationXG = Stimulus.Constant(g[0]);
            bench.Ambient.AccelerationYG = Stimulus.Constant(g[1]);
            bench.Ambient.AccelerationZG = Stimulus.Constant(g[2]);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

            Adxl345Reading reading = await bench.Run(sensor.ReadAsync(Cancelled));

            Assert.InRange(reading.XG - g[0], -0.5001 * step, 0.5001 * step);
            Assert.InRange(reading.YG - g[1], -0.5001 * step, 0.5001 * step);
            Assert.InRange(reading.ZG - g[2], -0.5001 * step, 0.5001 * step);
            Assert.False(reading.IsClipped);
        }
    }

    [Theory, InlineData(2.1), InlineData(-2.1)]
    public async Task A_clipped_sample_is_a_fault_and_no_reading_and_can_be_had_marked(double g)
    {
        SpiBench bench = new(Soldered);
        bench.Ambient.AccelerationYG = Stimulus.Constant(g);
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, new() { Range = Adxl345Range.G2 }, bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("larger range", thrown.Message, StringComparison.Ordinal);
        Assert.True((await bench.Run(sensor.ReadAsync(Cancelled))).IsClipped);
    }

    [Theory, InlineData(Adxl345Rate.Millihertz98), InlineData(Adxl345Rate.Millihertz6250), InlineData(Adxl345Rate.Hz100)]
    public async Task A_value_is_never_repeated_so_the_next_one_takes_a_period(Adxl345Rate rate)
    {
        SpiBench bench = new(Soldered);
        Adxl345Options options = new() { Rate = rate };
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, options, bench.Clock);
        await bench.Run(sensor.ReadAsync(Cancelled));
        long start = bench.Clock.GetTimestamp();

        await bench.Run(sensor.ReadAsync(Cancelled));
        await bench.Run(sensor.ReadAsync(Cancelled));

        TimeSpan two = options.Period * 2;
        Assert.InRange(bench.Clock.GetElapsedTime(start), two - TimeSpan.FromMilliseconds(110), two + TimeSpan.FromMilliseconds(110));
    }

    [Fact]
    public async Task Offsets_are_added_by_the_chip()
    {
        SpiBench bench = new(Soldered);
        using Adxl345 sensor = Adxl345.Open(
            bench.Buses, Place, new() { OffsetXG = -0.25, OffsetYG = 1.984375, OffsetZG = -1 }, bench.Clock);

        Assert.Equal(new Adxl345Reading(-0.25, 1.984375, 0, IsClipped: false), await bench.Run(sensor.ReadAsync(Cancelled)));
    }

    [Fact]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation()
    {
        SpiBench bench = new(Soldered);
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, new() { OffsetXG = 0.5 }, bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal([0.5, 0, 1], reading.Values.Select(static value => value.Value)); // and not the zeros of the reset data registers
    }

    [Fact]
    public async Task A_chip_that_loses_its_settings_again_and_again_is_given_up()
    {
        SpiBench bench = new(Soldered);
        using ScriptedSpi device = new(sent => Answer(sent, rate: 0x0A, format: 0x00, x: 0, y: 0, z: 0));
        using Adxl345 sensor = new(device, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Contains("supply", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chip_without_samples_is_given_up_after_twice_its_longest_time()
    {
        SpiBench bench = new(Soldered);
        using ScriptedSpi device = new(sent => Answer(sent, rate: 0x0A, format: 0x0B, x: 0, y: 0, z: 0, source: 0x02));
        using Adxl345 sensor = new(device, new(), bench.Clock);
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, 22.2, 30);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        SpiBench bench = new(Soldered);
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        bench.Chip.IsPowered = false;

        foreach (bool high in new[] { true, false })
        {
            bench.Bus.FloatsHigh = high;
            SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
            Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
            Assert.StartsWith("SPI bus 0 chip select 0: ", thrown.Message, StringComparison.Ordinal);
        }

        bench.Chip.IsPowered = true;

        Assert.Equal(1, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Theory, InlineData(0xE6, "0xE6"), InlineData(0x72, "mode 3"), InlineData(0xF2, "mode 3")]
    public async Task Another_chip_and_another_mode_are_told_apart_and_not_retried(byte id, string text)
    {
        SpiBench bench = new(Soldered);
        using ScriptedSpi device = new(sent => [0xFF, .. Enumerable.Repeat(id, sent.Length - 1)]);
        using Adxl345 sensor = new(device, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
        Assert.Single(device.Sent);
    }

    [Fact]
    public async Task Initialisation_writes_every_setting_in_standby_and_measures_last()
    {
        SpiBench bench = new(Soldered);
        using ScriptedSpi device = new(static sent => [0xFF, .. Enumerable.Repeat((byte)0xE5, sent.Length - 1)]);
        using Adxl345 sensor = new(device, new()
        {
            Range = Adxl345Range.G8,
            Rate = Adxl345Rate.Hz200,
            LowPower = true,
            OffsetYG = -0.015625,
            Tap = new() { Axes = Adxl345Axes.Z, SuppressWithinLatency = true },
            Activity = new() { RelativeToStart = false },
            Inactivity = new() { Axes = Adxl345Axes.X | Adxl345Axes.Y },
            FreeFall = new(),
        }, bench.Clock);

        await sensor.InitializeAsync(Cancelled);

        Assert.Equal(
        [
            [0x80, 0], [0x2D, 0], [0x2E, 0], [0x38, 0],
            [0x5D, 48, 0, 0xFF, 0, 48, 64, 192, 8, 3, 10, 0x7E, 7, 30, 0x09],
            [0x2C, 0x1B], [0x2F, 0x7C], [0x31, 0x0A], [0x38, 0], [0x2E, 0x7C], [0xB0, 0], [0x2D, 0x08],
        ], device.Sent);
    }

    [Fact]
    public async Task Detected_events_are_kept_until_they_are_taken()
    {
        SpiBench bench = new(Soldered with { SecondInterruptPin = 27 });
        bench.Ambient.AccelerationXG = new FunctionStimulus(static at => at.TotalMilliseconds is >= 100 and < 110 ? 5 : 0);
        Adxl345Options options = new() { Rate = Adxl345Rate.Hz400, Tap = new(), FreeFall = new() };
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, options, bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        Assert.Equal(Adxl345Events.None, sensor.TakeEvents());

        bench.Clock.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True(bench.Board.Gpio.IsHigh(27));
        await bench.Run(sensor.MeasureAsync(Cancelled));
        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.False(bench.Board.Gpio.IsHigh(27));
        Assert.Equal(Adxl345Events.SingleTap, sensor.TakeEvents());
        Assert.Equal(Adxl345Events.None, sensor.TakeEvents());
    }

    [Fact]
    public void Opening_asks_for_the_chips_mode_and_clock()
    {
        RecordingBuses buses = new(new SpiBench(Soldered).Buses);

        Adxl345.Open(buses, new() { Chip = "ADXL345", SpiBusId = 1, ChipSelect = 2 }, new() { ClockHertz = 4_000_000 }, TimeProvider.System).Dispose();

        Assert.Equal((1, 2, SpiMode.Mode3, 4_000_000, 8),
            (buses.Last!.BusId, buses.Last.ChipSelectLine, buses.Last.Mode, buses.Last.ClockFrequency, buses.Last.DataBitLength));
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        SpiBench bench = new(Soldered);
        using Adxl345 sensor = Adxl345.Open(bench.Buses, Place, new() { Rate = Adxl345Rate.Millihertz98 }, bench.Clock);
        using CancellationTokenSource stop = new();

        Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Periods_are_the_datasheets() => Assert.Equal(
        [10.24, 5.12, 2.56, 1.28, 0.64, 0.32, 0.16, 0.08, 0.04, 0.02, 0.01, 0.005, 0.0025, 0.00125, 0.000625, 0.0003125],
        Enum.GetValues<Adxl345Rate>().Select(static rate => new Adxl345Options { Rate = rate }.Period.TotalSeconds));

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        using ScriptedSpi device = new(static sent => sent);

        Assert.All(
            new Adxl345Options[]
            {
                new() { Range = (Adxl345Range)4 }, new() { Rate = (Adxl345Rate)16 }, new() { EventLine = (Adxl345Line)2 },
                new() { ClockHertz = 9_999 }, new() { ClockHertz = 5_000_001 }, new() { TransferAttempts = 0 },
                new() { Rate = Adxl345Rate.Hz3200, ClockHertz = 1_999_999 }, new() { Rate = Adxl345Rate.Hz800, ClockHertz = 399_999 },
                new() { Rate = Adxl345Rate.Hz800, LowPower = true }, new() { Rate = Adxl345Rate.Millihertz6250, LowPower = true },
                new() { OffsetXG = -2.01 }, new() { OffsetYG = 1.993 }, new() { OffsetZG = double.NaN },
                new() { Tap = new() { ThresholdG = 0.03 } }, new() { Tap = new() { ThresholdG = 16 } }, new() { Tap = new() { Axes = Adxl345Axes.None } },
                new() { Tap = new() { Duration = TimeSpan.Zero } }, new() { Tap = new() { Window = TimeSpan.FromMilliseconds(320) } },
                new() { Tap = new(), Rate = Adxl345Rate.Hz50 }, new() { Activity = new() { Axes = (Adxl345Axes)8 } },
                new() { Inactivity = new() { Duration = TimeSpan.FromSeconds(256) } }, new() { FreeFall = new() { Duration = TimeSpan.FromMilliseconds(1_280) } },
            },
            options => Assert.Throws<ArgumentOutOfRangeException>(() => new Adxl345(device, options, TimeProvider.System)));
    }

    /// <summary>Registers of a chip that measures; every exchange is a read.</summary>
    private static byte[] Answer(byte[] sent, byte rate, byte format, short x, short y, short z, byte source = 0x82)
    {
        byte[] registers = new byte[128];
        registers[0x00] = 0xE5;
        byte[] control = [rate, 0x08, 0x00, 0x00, source, format, .. BitConverter.GetBytes(x), .. BitConverter.GetBytes(y), .. BitConverter.GetBytes(z)];
        control.CopyTo(registers, 0x2C);
        return [0xFF, .. registers.AsSpan(sent[0] & 0x3F, sent.Length - 1)];
    }
}
