using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mpu6050Tests
{
    private const int Pin = 6;

    private static readonly string[] Names =
        ["accelerationX", "accelerationY", "accelerationZ", "angularVelocityX", "angularVelocityY", "angularVelocityZ", "temperature"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory, InlineData(ConversionTime.Typical), InlineData(ConversionTime.Maximum)]
    public async Task A_measurement_gives_the_world_around_the_chip(ConversionTime conversionTime)
    {
        Bench bench = Chip(conversionTime: conversionTime);
        (bench.Ambient.AccelerationXG, bench.Ambient.AccelerationYG) = (Stimulus.Constant(0.25), Stimulus.Constant(-0.5));
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(1);
        bench.Ambient.AngularRateYDegreesPerSecond = Stimulus.Constant(-2);
        bench.Ambient.AngularRateZDegreesPerSecond = Stimulus.Constant(200);
        using Mpu6050 sensor = Open(bench);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(Names, reading.Values.Select(static value => value.Quantity.Name));
        Assert.Equal([0.25, -0.5, 1.0, 1.0, -2.0, 200.0], reading.Values.Take(6).Select(static value => value.Value));
        Assert.Equal(21.0, reading["temperature"], 0.002);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_one_count(int code)
    {
        Random random = new(code);
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new()
        {
            AccelerometerRange = (Mpu6050AccelerometerRange)code,
            GyroscopeRange = (Mpu6050GyroscopeRange)code,
            SampleRateDivider = 0,
            Filter = Mpu6050Filter.Hertz188,
        });
        double g = (2 << code) * 0.9999;
        double degrees = (250 << code) * 0.998; // at 32.8 and 16.4 counts the words end just below the nominal range
        double[] steps = [.. Enumerable.Repeat(1.0 / (16384 >> code), 3), .. Enumerable.Repeat((250 << code) / 32_750.0, 3), 1 / 340.0];
        for (int point = 0; point < 2_500; point++)
        {
            double[] expected = [Draw(g), Draw(g), Draw(g), Draw(degrees), Draw(degrees), Draw(degrees), 22.5 + Draw(62.4)];
            Stimulus[] world = [.. expected.Select(Stimulus.Constant)];
            (bench.Ambient.AccelerationXG, bench.Ambient.AccelerationYG, bench.Ambient.AccelerationZG) = (world[0], world[1], world[2]);
            (bench.Ambient.AngularRateXDegreesPerSecond, bench.Ambient.AngularRateYDegreesPerSecond, bench.Ambient.AngularRateZDegreesPerSecond) = (world[3], world[4], world[5]);
            bench.Ambient.TemperatureCelsius = world[6];

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

            for (int i = 0; i < expected.Length; i++) { Assert.InRange(reading.Values[i].Value - expected[i], -steps[i], steps[i]); }
        }

        double Draw(double limit) => ((2 * random.NextDouble()) - 1) * limit;
    }

    [Theory, InlineData(-3920, 25.000588), InlineData(0, 36.53), InlineData(-521, 34.997647)]
    public void The_temperature_is_computed_by_this_chips_formula_and_not_the_MPU_6500s(short word, double celsius)
    {
        Mpu6050Frame frame = new(0, 0, 0, word, 0, 0, 0);

        Assert.Equal(celsius, frame.ToReading(new Mpu6050Settings(new Mpu6050Options())).TemperatureCelsius, 6);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(99), InlineData(255)]
    public async Task The_sample_rate_divider_changes_the_rate_and_never_the_scale(int divider)
    {
        Bench bench = Chip();
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(100);
        using Mpu6050 sensor = Open(bench, new() { SampleRateDivider = divider });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        long start = bench.Clock.GetTimestamp();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(1.0, reading["accelerationZ"]);
        Assert.Equal(100.0, reading["angularVelocityX"]);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, divider + 1, divider + 5);
    }

    [Fact]
    public async Task A_frame_is_read_in_one_burst_with_its_status()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Mpu6050 sensor = new(recorder, new Mpu6050Options(), bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        recorder.Reads.Clear();

        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.DoesNotContain(recorder.Reads, static register => register is >= 0x3B and <= 0x48);
        Assert.InRange(recorder.Reads.Count(static register => register == 0x3A), 2, 3);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_value_at_the_end_of_its_range_is_a_fault_and_no_reading(bool rate)
    {
        Bench bench = Chip();
        if (rate) { bench.Ambient.AngularRateYDegreesPerSecond = Stimulus.Constant(-400); }
        else { bench.Ambient.AccelerationZG = Stimulus.Constant(2.5); }
        using Mpu6050 sensor = Open(bench);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains(rate ? "angular rate" : "acceleration", thrown.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_reading_is_never_older_than_the_call(bool wired)
    {
        Bench bench = Chip(pin: wired ? Pin : null);
        using GpioController gpio = bench.Buses.OpenGpio();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { Filter = Mpu6050Filter.Hertz188, InterruptPin = wired ? Pin : null }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(5));

        bench.Ambient.AccelerationXG = Stimulus.Constant(0.5);

        Assert.Equal(0.5, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationX"]);
    }

    [Fact]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { AccelerometerRange = Mpu6050AccelerometerRange.G8 });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();

        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Fact]
    public async Task A_brown_out_in_the_middle_of_a_measurement_never_passes_for_rest()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        ValueTask<SensorReading> call = sensor.MeasureAsync(Cancelled);
        bench.Chip.BrownOut();
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(call));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Theory]
    [InlineData(0x70, "MPU-6500")]
    [InlineData(0x98, "imitation")]
    [InlineData(0x33, "0x33")]
    [InlineData(0x00, "stuck")]
    [InlineData(0xFF, "stuck")]
    public async Task Another_chip_is_named_and_left_alone(byte id, string text)
    {
        Bench bench = Chip();
        using ScriptedRegisters device = new();
        device.Registers[0x75] = id;
        using Mpu6050 sensor = new(device, new Mpu6050Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1, device.Transfers);
    }

    [Fact]
    public async Task A_reset_that_does_not_end_is_given_up_after_twice_its_longest_time()
    {
        Bench bench = Chip();
        using ScriptedRegisters device = new();
        device.Registers[0x75] = 0x68; // and PWR_MGMT_1 keeps the reset bit that is written to it
        using Mpu6050 sensor = new(device, new Mpu6050Options(), bench.Clock);
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, 200, 205);
    }

    [Fact]
    public async Task The_interrupt_ends_the_wait_for_a_sample()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Mpu6050 sensor = new(recorder, new Mpu6050Options { InterruptPin = Pin, SampleRateDivider = 249 }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        recorder.Reads.Clear();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(1.0, reading["accelerationZ"]);
        Assert.Equal([0x19, 0x6B, 0x3A, 0x3A], recorder.Reads.Select(static register => (int)register)); // settings, status cleared, one look
    }

    [Fact]
    public async Task A_missed_edge_costs_time_and_no_reading()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { InterruptPin = Pin }, bench.Clock, gpio);
        await bench.Run(sensor.MeasureAsync(Cancelled));
        foreach (bool level in new[] { true, false })
        {
            bench.Board.Gpio.ShortCircuit(Pin, level);

            Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
        }
    }

    [Fact]
    public async Task The_buffer_gives_every_sample_once_and_in_order()
    {
        Bench bench = Chip();
        bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(10));
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        List<Mpu6050Reading> samples = [];
        for (int round = 0; round < 20; round++)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(100 + (round * 7)));
            await bench.Run(sensor.MeasureAsync(Cancelled)); // reads the status in between
            Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));
            Assert.False(buffer.SamplesWereLost);
            samples.AddRange(buffer.Samples);
        }

        double[] steps = [.. samples.Zip(samples.Skip(1), static (one, next) => next.AccelerationXG - one.AccelerationXG)];
        Assert.True(samples.Count > 300);
        Assert.All(steps, static step => Assert.Equal(0.001, step, 0.0001)); // 10 ms apart
        Assert.All(samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task An_overflow_is_told_and_nothing_of_it_passes_for_a_sample()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        await bench.Run(sensor.MeasureAsync(Cancelled)); // its status read clears the chip's own flag

        Mpu6050Buffer overflowed = await bench.Run(sensor.ReadBufferAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(500));
        Mpu6050Buffer after = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.Empty(overflowed.Samples);
        Assert.True(overflowed.SamplesWereLost);
        Assert.False(after.SamplesWereLost);
        Assert.InRange(after.Samples.Count, 49, 51);
        Assert.All(after.Samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task A_brown_out_is_told_by_the_next_buffer()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench, new() { BufferSamples = true });
        Assert.False((await bench.Run(sensor.ReadBufferAsync(Cancelled))).SamplesWereLost);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        bench.Chip.BrownOut();
        await bench.Run(sensor.MeasureAsync(Cancelled)); // initialises, and so restarts the FIFO

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.True(buffer.SamplesWereLost);
        Assert.All(buffer.Samples, static sample => Assert.Equal(1.0, sample.AccelerationZG));
    }

    [Fact]
    public async Task A_read_of_the_fifo_that_fails_is_not_repeated_but_told()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            wire.WriteRead(write, read[..((read.Length / 2) + 1)]); // the chip has given away half of the bytes
            throw new IOException("Error 121 (Remote I/O error) performing I2C data transfer.");
        };

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.ReadBufferAsync(Cancelled)));
        device.Disturb = null;
        Mpu6050Buffer next = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.Equal(1, device.Disturbed);
        Assert.True(next.SamplesWereLost);
        Assert.Empty(next.Samples);
    }

    [Fact]
    public async Task A_brown_out_just_before_the_fifo_is_read_never_passes_for_free_fall()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            bench.Chip.BrownOut();
            wire.WriteRead(write, read); // empty: zeros
        };

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.ReadBufferAsync(Cancelled)));
        device.Disturb = null;

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True((await bench.Run(sensor.ReadBufferAsync(Cancelled))).SamplesWereLost);
    }

    [Fact]
    public async Task An_overflow_between_the_count_and_the_data_never_passes_for_samples()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using DisturbedFifo device = new(wire);
        using Mpu6050 sensor = new(device, new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(300));
        device.Disturb = (write, read) =>
        {
            bench.Clock.Advance(TimeSpan.FromSeconds(2));
            wire.WriteRead(write, read);
        };

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled));

        Assert.True(buffer.SamplesWereLost);
        Assert.Empty(buffer.Samples);
    }

    [Fact]
    public async Task A_full_fifo_is_noticed_even_when_a_failed_transfer_ate_its_flag()
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { BufferSamples = true }, bench.Clock);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        bench.Clock.Advance(TimeSpan.FromSeconds(2));
        wire.WriteRead([0x3A], new byte[1]); // as the transfer whose answer never arrived

        Mpu6050Buffer buffer = await bench.Run(sensor.ReadBufferAsync(Cancelled), TimeSpan.FromTicks(1));

        Assert.True(buffer.SamplesWereLost);
        Assert.Empty(buffer.Samples);
    }

    [Fact]
    public async Task Without_buffering_there_is_no_buffer_to_read()
    {
        using Mpu6050 sensor = Open(Chip());

        await Assert.ThrowsAsync<InvalidOperationException>(() => sensor.ReadBufferAsync(Cancelled).AsTask());
    }

    [Fact]
    public async Task A_good_unit_passes_its_self_test_and_measures_on()
    {
        for (int seed = 0; seed < 10; seed++)
        {
            Bench bench = Chip(seed: seed, imperfect: true);
            using Mpu6050 sensor = Open(bench, new() { AccelerometerRange = Mpu6050AccelerometerRange.G4 });

            Mpu6050SelfTest result = await bench.Run(sensor.SelfTestAsync(Cancelled));

            Assert.True(result.Passed, string.Join(" ", result.Accelerometer.Concat(result.Gyroscope)));
            Assert.All(result.Accelerometer.Concat(result.Gyroscope), static change => Assert.NotNull(change));
            Assert.InRange((await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"], 0.85, 1.15);
        }
    }

    [Theory, InlineData(0), InlineData(2), InlineData(4), InlineData(5)]
    public async Task A_broken_axis_fails_the_self_test_and_an_untested_one_is_not_judged(int axis)
    {
        Bench bench = Chip();
        Mpu6050Unit unit = Mpu6050Unit.Draw(7, imperfect: false);
        unit.SelfTestDeviation[axis] = -0.2;
        unit.Trims[(axis + 1) % 6] = 0;
        Mpu6050Chip chip = new(new EmulatedSurroundings(bench.Ambient, bench.Clock), unit, new EmulatedChipOptions { Chip = "MPU-6050" });
        bench.Bus.Detach(0x68);
        bench.Bus.Attach(0x68, chip);
        using Mpu6050 sensor = Open(bench);

        Mpu6050SelfTest result = await bench.Run(sensor.SelfTestAsync(Cancelled));

        double?[] changes = [.. result.Accelerometer, .. result.Gyroscope];
        Assert.False(result.Passed);
        Assert.Equal(-0.2, changes[axis]!.Value, 0.002);
        Assert.Null(changes[(axis + 1) % 6]);
        Assert.Equal(1, changes.Count(static change => change is { } known && Math.Abs(known) > 0.14));
    }

    [Theory, InlineData(1, 1392.64, 3275.0), InlineData(31, 3768.32, 12622.6), InlineData(16, 2290.8, 6429.6)]
    public void The_factory_trims_are_the_register_maps(int code, double accelerometer, double gyroscope)
    {
        Assert.Equal(accelerometer, Mpu6050SelfTest.AccelerometerTrim(code), 0.05);
        Assert.Equal(gyroscope, Mpu6050SelfTest.GyroscopeTrim(code, isY: false), 0.5);
        Assert.Equal(-gyroscope, Mpu6050SelfTest.GyroscopeTrim(code, isY: true), 0.5);
        Assert.Equal(0, Mpu6050SelfTest.AccelerometerTrim(0));
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        Bench bench = Chip();
        using Mpu6050 sensor = Open(bench);
        EmulatedChip chip = bench.Chip;
        bench.Bus.Detach(0x68);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x68, chip);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x68: ", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(1.0, (await bench.Run(sensor.MeasureAsync(Cancelled)))["accelerationZ"]);
    }

    [Fact]
    public async Task Cancellation_ends_both_kinds_of_wait()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        foreach (int? pin in new int?[] { null, Pin })
        {
            using Mpu6050 sensor = new(bench.Open(), new Mpu6050Options { InterruptPin = pin }, bench.Clock, gpio);
            await bench.Run(sensor.InitializeAsync(Cancelled));
            using CancellationTokenSource stop = new();

            Task<SensorReading> call = sensor.MeasureAsync(stop.Token).AsTask();
            await stop.CancelAsync();

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        }
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        Bench bench = Chip();

        Refused(new() { AccelerometerRange = (Mpu6050AccelerometerRange)4 });
        Refused(new() { GyroscopeRange = (Mpu6050GyroscopeRange)(-1) });
        Refused(new() { Filter = (Mpu6050Filter)7 });
        Refused(new() { SampleRateDivider = 256 });
        Refused(new() { InterruptPin = 54 });
        Refused(new() { TransferAttempts = 0 });
        Assert.Throws<ArgumentNullException>(() => Open(bench, new() { InterruptPin = Pin }));

        void Refused(Mpu6050Options options) => Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, options));
    }

    private static Bench Chip(int? pin = null, ConversionTime conversionTime = ConversionTime.Typical, int seed = 1, bool imperfect = false) =>
        new(new EmulatedChipOptions { Chip = "MPU-6050", InterruptPin = pin, ConversionTime = conversionTime, HasTolerances = imperfect }, seed);

    private static Mpu6050 Open(Bench bench, Mpu6050Options? options = null) => new(bench.Open(), options ?? new Mpu6050Options(), bench.Clock);

    /// <summary>Does something else instead of a read of the FIFO.</summary>
    private sealed class DisturbedFifo(I2cDevice wire) : I2cDevice
    {
        public delegate void Disturbance(byte[] write, Span<byte> read);

        public Disturbance? Disturb { get; set; }

        public int Disturbed { get; private set; }

        public override I2cConnectionSettings ConnectionSettings => wire.ConnectionSettings;

        public override void Read(Span<byte> buffer) => wire.Read(buffer);

        public override void Write(ReadOnlySpan<byte> buffer) => wire.Write(buffer);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            if (Disturb is { } disturb && writeBuffer[0] == 0x74)
            {
                Disturbed++;
                disturb(writeBuffer.ToArray(), readBuffer);
                return;
            }

            wire.WriteRead(writeBuffer, readBuffer);
        }
    }
}
