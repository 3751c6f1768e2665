using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Sht31Tests
{
    /// <summary>Half a step of the words, and a little for rounding.</summary>
    private const double HalfStepCelsius = (175.0 / 65535 / 2) + 1e-9;
    private const double HalfStepPercent = (100.0 / 65535 / 2) + 1e-9;

    public static TheoryData<Sht31Acquisition> Acquisitions => [.. Enum.GetValues<Sht31Acquisition>()];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, MemberData(nameof(Acquisitions))]
    public async Task A_measurement_gives_the_world_around_the_chip(Sht31Acquisition acquisition)
    {
        foreach (ConversionTime time in Enum.GetValues<ConversionTime>())
        {
            foreach (Sht31Repeatability repeatability in Enum.GetValues<Sht31Repeatability>())
            {
                ChipBench<Sht31Chip> bench = Bench(time);
                using Sht31 sensor = Open(bench, new() { Acquisition = acquisition, Repeatability = repeatability });

                SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

                Assert.Equal(["temperature", "humidity"], reading.Values.Select(static value => value.Quantity.Name));
                Assert.InRange(reading["temperature"], 20.998, 21.002);
                Assert.InRange(reading["humidity"], 44.999, 45.001);
            }
        }
    }

    [Theory, InlineData(1), InlineData(2)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_half_a_step_of_the_words(int seed)
    {
        Random random = new(seed);
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench, new() { Repeatability = Sht31Repeatability.Low });
        for (int point = 0; point < 5_000; point++)
        {
            double celsius = point switch { 0 => -39.998, 1 => 124.998, _ => -40 + (165 * random.NextDouble()) };
            double percent = point switch { 0 => 0, 1 => 100, _ => 100 * random.NextDouble() };
            SetAir(bench, celsius, percent);

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled), stepMilliseconds: 5);

            Assert.InRange(reading["temperature"] - celsius, -HalfStepCelsius, HalfStepCelsius);
            Assert.InRange(reading["humidity"] - percent, -HalfStepPercent, HalfStepPercent);
        }
    }

    [Fact]
    public async Task A_checksum_error_never_passes_the_previous_value_off_as_a_new_one()
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Sht31 sensor = new(wire, new(), bench.Clock);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        SetAir(bench, 30, 60);

        wire.OnRead = static bytes => Spoil(bytes, 2);
        SensorException first = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        wire.OnRead = static bytes => Spoil(bytes, 5);
        SensorException second = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        wire.OnRead = static _ => { };

        Assert.Equal(SensorFault.ChecksumMismatch, first.Fault);
        Assert.Contains("word 1 of 2", first.Message, StringComparison.Ordinal);
        Assert.Contains("word 2 of 2", second.Message, StringComparison.Ordinal);
        Assert.True(first.RetryMayHelp);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"], 29.99, 30.01);
    }

    [Fact]
    public async Task Results_are_not_rounded_to_a_tenth()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        SetAir(bench, 21.034, 45.056);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.InRange(reading["temperature"], 21.031, 21.037);
        Assert.InRange(reading["humidity"], 45.054, 45.058);
    }

    [Theory, InlineData(1, 3, true), InlineData(2, 3, true), InlineData(3, 3, false), InlineData(1, 1, false)]
    public async Task A_measurement_with_a_wrong_checksum_is_repeated_a_bounded_number_of_times(int spoiled, int attempts, bool recovers)
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Sht31 sensor = new(wire, new() { TransferAttempts = attempts }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        int left = spoiled;
        int measurements = 0;
        wire.OnWrite = bytes => measurements += bytes[0] == 0x24 ? 1 : 0;
        wire.OnRead = bytes =>
        {
            if (bytes.Length == 6 && left-- > 0) { Spoil(bytes, 0); }
        };

        Task<SensorReading> call = bench.Run(sensor.MeasureAsync(Cancelled));

        if (recovers) { Assert.InRange((await call)["temperature"], 20.99, 21.01); }
        else { Assert.Equal(SensorFault.ChecksumMismatch, (await Assert.ThrowsAsync<SensorException>(() => call)).Fault); }

        Assert.Equal(recovers ? spoiled + 1 : attempts, measurements);
    }

    [Theory, MemberData(nameof(Acquisitions))]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation(Sht31Acquisition acquisition)
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench, new() { Acquisition = acquisition, Alert = new() { HighSet = new(70, 90) } });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();
        SetAir(bench, 25, 50);
        bench.Pass(2);
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.InRange(reading["temperature"], 24.99, 25.01);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["humidity"], 49.99, 50.01);
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_measurement_is_reported_and_the_next_call_recovers()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        await bench.Run(sensor.InitializeAsync(Cancelled));

        Task<SensorReading> call = sensor.MeasureAsync(Cancelled).AsTask();
        bench.Pass(1); // the status is known and the measurement begun
        await Task.Yield();
        bench.Pass(1);
        await Task.Yield();
        bench.Chip.BrownOut();
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(call));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"], 20.99, 21.01);
    }

    [Fact]
    public async Task A_chip_that_another_program_left_in_periodic_mode_is_taken_over()
    {
        ChipBench<Sht31Chip> bench = Bench();
        bench.Pass(2);
        using (I2cDevice other = bench.Open()) { other.Write([0x27, 0x37]); }

        bench.Pass(30);
        using Sht31 sensor = Open(bench);

        Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"], 20.99, 21.01);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        bench.Bus.Detach(0x44);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x44, bench.Chip);
        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x44: ", thrown.Message, StringComparison.Ordinal);
        Assert.InRange(reading["humidity"], 44.99, 45.01);
    }

    [Theory, InlineData(0x0000, 0x81), InlineData(0xFFFF, 0xAC)]
    public async Task A_status_that_no_SHT31_has_after_a_reset_means_another_chip(int status, byte checksum)
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open())
        {
            OnRead = bytes => ((ReadOnlySpan<byte>)[(byte)(status >> 8), (byte)status, checksum]).CopyTo(bytes),
        };
        using Sht31 sensor = new(wire, new(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
    }

    [Fact]
    public async Task A_command_that_the_chip_refuses_is_reported()
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open())
        {
            OnRead = static bytes => ((ReadOnlySpan<byte>)[0x80, 0x12, 0x83]).CopyTo(bytes), // reset detected, last command not processed
        };
        using Sht31 sensor = new(wire, new() { Heater = true }, bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.Contains("0x306D", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(Sht31Acquisition.SingleShot, 31), InlineData(Sht31Acquisition.TwicePerSecond, 1031)]
    public async Task A_chip_that_never_finishes_is_given_up_after_twice_its_longest_time(Sht31Acquisition acquisition, double limit)
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Sht31 sensor = new(wire, new() { Acquisition = acquisition }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        wire.OnRead = static bytes =>
        {
            if (bytes.Length == 6) { throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer."); }
        };
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, limit, limit * 1.1);
    }

    [Fact]
    public async Task A_value_outside_the_operating_range_is_a_fault_and_no_reading()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        SetAir(bench, -44, 50);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("temperature", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_alert_limits_reach_the_chip_with_their_checksums()
    {
        ChipBench<Sht31Chip> bench = Bench();
        TamperedDevice wire = new(bench.Open());
        using Sht31 sensor = new(wire, new() { Alert = new() }, bench.Clock);

        await bench.Run(sensor.InitializeAsync(Cancelled));

        Assert.Contains(wire.Written, static bytes => bytes.AsSpan().SequenceEqual((ReadOnlySpan<byte>)[0x61, 0x1D, 0xCD, 0x33, 0xFD]));
        Assert.Equal(4, wire.Written.Count(static bytes => bytes[0] == 0x61));
    }

    [Fact]
    public async Task The_heater_is_switched_as_configured_and_a_change_behind_the_drivers_back_is_undone()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench, new() { Heater = true });
        double warm = (await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"];
        using (I2cDevice other = bench.Open()) { other.Write([0x30, 0x66]); }

        double again = (await bench.Run(sensor.MeasureAsync(Cancelled)))["temperature"];

        Assert.InRange(warm, 22, 27);
        Assert.Equal(warm, again);
    }

    [Fact]
    public async Task The_serial_number_is_the_units()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        await bench.Run(sensor.InitializeAsync(Cancelled));

        uint first = await bench.Run(sensor.ReadSerialNumberAsync(Cancelled));
        uint again = await bench.Run(sensor.ReadSerialNumberAsync(Cancelled));
        ChipBench<Sht31Chip> other = new(new() { Chip = "SHT31" }, seed: 2);
        using Sht31 otherSensor = Open(other);
        await other.Run(otherSensor.InitializeAsync(Cancelled));

        Assert.Equal(first, again);
        Assert.NotEqual(first, await other.Run(otherSensor.ReadSerialNumberAsync(Cancelled)));
    }

    [Fact]
    public async Task Cancellation_ends_the_wait()
    {
        ChipBench<Sht31Chip> bench = Bench();
        using Sht31 sensor = Open(bench);
        using CancellationTokenSource stop = new();
        bench.Pass(2);

        Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        ChipBench<Sht31Chip> bench = Bench();

        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Repeatability = (Sht31Repeatability)3 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Acquisition = (Sht31Acquisition)7 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { TransferAttempts = 11 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Alert = new() { HighSet = new(131, 80) } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Alert = new() { HighSet = new(double.NaN, 80) } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Alert = new() { HighClear = new(61, 79) } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, new() { Alert = new() { LowClear = new(-9, 19) } }));
    }

    private static ChipBench<Sht31Chip> Bench(ConversionTime time = ConversionTime.Typical)
    {
        ChipBench<Sht31Chip> bench = new(new() { Chip = "SHT31", ConversionTime = time });
        bench.Pass(2);
        return bench;
    }

    private static Sht31 Open(ChipBench<Sht31Chip> bench, Sht31Options? options = null) => new(bench.Open(), options ?? new(), bench.Clock);

    private static void SetAir(ChipBench<Sht31Chip> bench, double celsius, double percent)
    {
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        bench.Ambient.HumidityPercent = Stimulus.Constant(percent);
    }

    private static void Spoil(byte[] bytes, int index)
    {
        if (bytes.Length == 6) { bytes[index] ^= 0x10; }
    }
}
