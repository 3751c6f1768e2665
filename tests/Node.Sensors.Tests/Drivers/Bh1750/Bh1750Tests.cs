using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Bh1750Tests
{
    private static readonly int[] MeasurementTimes = [31, 69, 138, 254];

    public static TheoryData<Bh1750Resolution, bool> Manners => new()
    {
        { Bh1750Resolution.Low, false }, { Bh1750Resolution.OneLux, false }, { Bh1750Resolution.HalfLux, false },
        { Bh1750Resolution.Low, true }, { Bh1750Resolution.OneLux, true }, { Bh1750Resolution.HalfLux, true },
    };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(Bh1750Resolution.OneLux, 69, 28066.7)]
    [InlineData(Bh1750Resolution.OneLux, 138, 14033.3)]
    [InlineData(Bh1750Resolution.OneLux, 254, 7624.4)]
    [InlineData(Bh1750Resolution.OneLux, 31, 62471.0)]
    [InlineData(Bh1750Resolution.HalfLux, 69, 14033.3)]
    [InlineData(Bh1750Resolution.Low, 69, 28066.7)]
    public async Task The_technical_notes_example_passes_through_the_whole_driver(Bh1750Resolution resolution, int measurementTime, double lux)
    {
        ChipBench<Bh1750Chip> bench = Bench(0);
        bool started = false;
        TamperedDevice wire = new(bench.Open())
        {
            OnWrite = bytes => started |= bytes[0] is >= 0x20 and < 0x30,
            OnRead = bytes => (started ? new byte[] { 0x83, 0x90 } : [0, 0]).CopyTo(bytes, 0),
        };
        using Bh1750 sensor = new(wire, new() { Resolution = resolution, MeasurementTime = measurementTime }, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(lux, reading["illuminance"], 1);
    }

    [Theory, MemberData(nameof(Manners))]
    public async Task A_measurement_gives_the_light_on_the_chip(Bh1750Resolution resolution, bool continuous)
    {
        foreach ((ConversionTime time, int measurementTime) in Enum.GetValues<ConversionTime>().SelectMany(static time => MeasurementTimes.Select(mt => (time, mt))))
        {
            ChipBench<Bh1750Chip> bench = Bench(300, time);
            using Bh1750 sensor = Open(bench, new() { Resolution = resolution, MeasurementTime = measurementTime, Continuous = continuous });
            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"] - 300, -Step(resolution, measurementTime), Step(resolution, measurementTime));

            bench.Ambient.LightLux = Stimulus.Constant(1234);
            bench.Pass(2_000); // longer than the slowest measurement
            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

            Assert.InRange(reading["illuminance"] - 1234, -Step(resolution, measurementTime), Step(resolution, measurementTime));
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_half_a_count(int seed)
    {
        Random random = new(seed);
        ChipBench<Bh1750Chip> bench = Bench(0);
        for (int unit = 0; unit < 25; unit++)
        {
            int time = random.Next(31, 255);
            double finest = random.Next(2) == 0 ? 1 : 2;
            Bh1750Options options = new() { MeasurementTime = time, Resolution = finest == 1 ? Bh1750Resolution.OneLux : Bh1750Resolution.HalfLux, ExtendsRange = false };
            using Bh1750 sensor = Open(bench, options);
            for (int point = 0; point < 100; point++)
            {
                double lux = sensor.Quantities[0].Maximum * random.NextDouble();
                double half = 69 / (1.2 * time * finest) / 2;
                bench.Ambient.LightLux = Stimulus.Constant(lux);

                SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 100);

                Assert.InRange(reading["illuminance"] - lux, -half - 1e-9, half + 1e-9);
            }
        }
    }

    [Theory, InlineData(ConversionTime.Typical, 120, 121), InlineData(ConversionTime.Maximum, 180, 181)]
    public async Task A_reading_waits_for_the_conversion_and_is_neither_zero_nor_stale(ConversionTime time, double atLeast, double atMost)
    {
        ChipBench<Bh1750Chip> bench = Bench(300, time);
        using Bh1750 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        bench.Ambient.LightLux = Stimulus.Constant(900);

        double lux = 0;
        TimeSpan taken = await bench.TimeOf(async () => lux = (await sensor.MeasureAsync(Cancelled))["illuminance"]);

        Assert.InRange(lux, 899.5, 900.5);
        Assert.InRange(taken.TotalMilliseconds, atLeast, atMost);
    }

    [Theory, InlineData(31), InlineData(69), InlineData(254)]
    public async Task The_measurement_time_is_corrected_for_exactly_once(int measurementTime)
    {
        ChipBench<Bh1750Chip> bench = Bench(2_000);
        using Bh1750 sensor = Open(bench, new() { MeasurementTime = measurementTime });

        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], 1_999, 2_001);
    }

    [Fact]
    public async Task A_calibrated_unit_reads_true_whatever_its_sensitivity()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            ChipBench<Bh1750Chip> bench = new(new() { Chip = "BH1750", HasTolerances = true }, seed);
            bench.Ambient.LightLux = Stimulus.Constant(10_000);
            using Bh1750 sensor = Open(bench, new() { CountsPerLux = bench.Chip.CountsPerLux });

            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], 9_993, 10_007);
        }
    }

    [Theory, InlineData(60_000, false), InlineData(60_000, true), InlineData(99_999, false)]
    public async Task Light_beyond_the_range_is_taken_again_with_the_widest(double lux, bool continuous)
    {
        ChipBench<Bh1750Chip> bench = Bench(lux);
        using Bh1750 sensor = Open(bench, new() { MeasurementTime = 254, Continuous = continuous });

        for (int round = 0; round < 3; round++)
        {
            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], lux - 1, lux + 1);
        }
    }

    [Theory, InlineData(55_000, false, "54613"), InlineData(110_000, true, "100000"), InlineData(130_000, true, "121557")]
    public async Task Light_beyond_every_range_is_a_fault_and_no_reading(double lux, bool extends, string text)
    {
        ChipBench<Bh1750Chip> bench = Bench(lux);
        using Bh1750 sensor = Open(bench, new() { ExtendsRange = extends });

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Darkness_is_a_reading_of_zero_looked_at_twice(bool continuous)
    {
        ChipBench<Bh1750Chip> bench = Bench(0);
        TamperedDevice wire = new(bench.Open());
        using Bh1750 sensor = new(wire, new() { Continuous = continuous }, bench.Clock);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(0, reading["illuminance"]);
        Assert.Equal(2, wire.Written.Count(static bytes => bytes[0] is 0x10 or 0x20));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_brown_out_between_measurements_never_passes_for_darkness(bool continuous)
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        using Bh1750 sensor = Open(bench, new() { Continuous = continuous, MeasurementTime = 138 });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();

        for (int round = 0; round < 3; round++)
        {
            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], 299.5, 300.5);
        }
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_measurement_never_passes_for_darkness()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        using Bh1750 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        Task<SensorReading> call = sensor.MeasureAsync(Cancelled).AsTask();
        bench.Pass(60);
        bench.Chip.BrownOut();

        Assert.InRange((await bench.Run(call))["illuminance"], 299.5, 300.5);
    }

    [Fact]
    public async Task A_chip_that_another_program_left_measuring_is_taken_over()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        using I2cDevice other = bench.Open();
        other.WriteByte(0x11);
        bench.Pass(1_000);
        using Bh1750 sensor = Open(bench);

        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], 299.5, 300.5);
    }

    [Theory, InlineData(0x12, 0x34, "0x1234"), InlineData(0xFF, 0xFF, "stuck")]
    public async Task A_data_register_that_does_not_empty_means_another_chip(byte high, byte low, string text)
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        TamperedDevice wire = new(bench.Open()) { OnRead = bytes => ((ReadOnlySpan<byte>)[high, low]).CopyTo(bytes) };
        using Bh1750 sensor = new(wire, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        using Bh1750 sensor = Open(bench);
        bench.Bus.Detach(0x23);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x23, bench.Chip);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x23: ", thrown.Message, StringComparison.Ordinal);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["illuminance"], 299.5, 300.5);
    }

    [Theory, InlineData(2, true), InlineData(3, false)]
    public async Task A_transfer_that_the_bus_failed_is_repeated_a_bounded_number_of_times(int failures, bool recovers)
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        int left = failures;
        TamperedDevice wire = new(bench.Open())
        {
            OnRead = bytes =>
            {
                if (left-- > 0) { throw new IOException("Error 5 (Input/output error) performing I2C data transfer."); }
            },
        };
        using Bh1750 sensor = new(wire, new(), bench.Clock);

        Task<SensorReading> call = bench.Run(sensor.MeasureAsync(Cancelled));

        if (recovers) { Assert.InRange((await call)["illuminance"], 299.5, 300.5); }
        else { Assert.Equal(SensorFault.BusFailure, (await Assert.ThrowsAsync<SensorException>(() => call)).Fault); }
    }

    [Fact]
    public async Task Every_opcode_has_a_transaction_of_its_own()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        TamperedDevice wire = new(bench.Open());
        using Bh1750 sensor = new(wire, new() { MeasurementTime = 254 }, bench.Clock);

        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.All(wire.Written, static bytes => Assert.Single(bytes));
        Assert.Equal([0x00, 0x01, 0x07, 0x00, 0x01, 0x47, 0x7E, 0x07, 0x20], wire.Written.Select(static bytes => (int)bytes[0]));
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);
        using Bh1750 sensor = Open(bench);
        using CancellationTokenSource stop = new();

        Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        ChipBench<Bh1750Chip> bench = Bench(300);

        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Resolution = (Bh1750Resolution)3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { MeasurementTime = 30 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { MeasurementTime = 255 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { CountsPerLux = double.NaN }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { CountsPerLux = 1.45 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { TransferAttempts = 0 }));
    }

    private static ChipBench<Bh1750Chip> Bench(double lux, ConversionTime time = ConversionTime.Typical)
    {
        ChipBench<Bh1750Chip> bench = new(new() { Chip = "BH1750", ConversionTime = time });
        bench.Ambient.LightLux = Stimulus.Constant(lux);
        return bench;
    }

    private static Bh1750 Open(ChipBench<Bh1750Chip> bench, Bh1750Options? options = null) => new(bench.Open(), options ?? new(), bench.Clock);

    /// <summary>One step of the converter in lux.</summary>
    private static double Step(Bh1750Resolution resolution, int measurementTime) => 69 / (1.2 * measurementTime) * resolution switch
    {
        Bh1750Resolution.Low => 4,
        Bh1750Resolution.HalfLux => 0.5,
        _ => 1,
    };
}
