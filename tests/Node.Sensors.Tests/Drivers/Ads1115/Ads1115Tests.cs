using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Ads1115Tests
{
    private const int Pin = 22;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Range, volts a code.</summary>
    public static TheoryData<Ads1115Range, double> Steps => new()
    {
        { Ads1115Range.Volts6144, 187.5e-6 },
        { Ads1115Range.Volts4096, 125e-6 },
        { Ads1115Range.Volts2048, 62.5e-6 },
        { Ads1115Range.Volts1024, 31.25e-6 },
        { Ads1115Range.Volts0512, 15.625e-6 },
        { Ads1115Range.Volts0256, 7.8125e-6 },
    };

    [Theory, InlineData(ConversionTime.Typical), InlineData(ConversionTime.Maximum)]
    public async Task A_measurement_gives_the_volts_of_every_input(ConversionTime conversionTime)
    {
        Bench bench = Chip(conversionTime: conversionTime);
        using Ads1115 sensor = Open(bench);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(["voltage0", "voltage1", "voltage2", "voltage3"], reading.Values.Select(static value => value.Quantity.Name));
        Assert.Equal([0.25, 0.5, 0.75, 1.0], reading.Values.Select(static value => value.Value));
        Assert.All(reading.Values, static value => Assert.Equal("volt", value.Quantity.Unit));
    }

    [Theory]
    [InlineData(0x1F, 0x40, Ads1115Range.Volts4096, 1.0)]
    [InlineData(0x00, 0x01, Ads1115Range.Volts2048, 62.5e-6)]
    [InlineData(0xFF, 0xFF, Ads1115Range.Volts0256, -7.8125e-6)]
    [InlineData(0xC0, 0x00, Ads1115Range.Volts6144, -3.072)]
    [InlineData(0x7F, 0xFE, Ads1115Range.Volts1024, 1.0239375)]
    public void The_datasheets_codes_mean_their_volts(byte high, byte low, Ads1115Range range, double volts)
    {
        Ads1115Channel channel = new() { Input = Ads1115Input.Difference01, Range = range };

        Assert.Equal(volts, Ads1115Frame.Decode([high, low]).Volts(channel.FullScaleVolts), 12);
    }

    [Theory, MemberData(nameof(Steps))]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_one_step_of_the_converter(Ads1115Range range, double step)
    {
        Random random = new((int)range);
        Bench bench = Chip();
        Ads1115Channel[] channels =
        [
            new() { Input = Ads1115Input.Difference01, Range = range },
            new() { Input = Ads1115Input.Difference23, Range = range },
        ];
        using Ads1115 sensor = Open(bench, new() { Channels = channels, DataRate = Ads1115DataRate.PerSecond860 });
        double highest = Math.Min(step * 32_766, 3.3);
        for (int point = 0; point < 850; point++) // 10,200 points over the six ranges and two channels
        {
            double[] expected = [Place(0), Place(2)];

            SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

            Assert.InRange(reading["voltage01"] - expected[0], -step, step);
            Assert.InRange(reading["voltage23"] - expected[1], -step, step);
        }

        double Place(int input)
        {
            double difference = ((2 * random.NextDouble()) - 1) * highest;
            bench.Ambient.InputVolts[input] = Stimulus.Constant(Math.Max(0, difference));
            bench.Ambient.InputVolts[input + 1] = Stimulus.Constant(Math.Max(0, -difference));
            return difference;
        }
    }

    [Fact]
    public async Task A_divider_is_taken_into_the_value_and_the_range()
    {
        Bench bench = Chip();
        using Ads1115 sensor = Open(bench, new() { Channels = [new() { Input = Ads1115Input.Single3, Name = "battery", Multiplier = 11 }] });

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(11.0, reading["battery"], 9);
        Assert.Equal(3.6 * 11, sensor.Quantities[0].Maximum, 9);
        Assert.Equal(-0.3 * 11, sensor.Quantities[0].Minimum, 9);
    }

    [Theory, InlineData(2.5, Ads1115Range.Volts2048), InlineData(1.0, Ads1115Range.Volts0256)]
    public async Task A_voltage_at_the_end_of_the_range_is_a_fault_and_no_reading(double volts, Ads1115Range range)
    {
        Bench bench = Chip();
        bench.Ambient.InputVolts[0] = Stimulus.Constant(volts);
        using Ads1115 sensor = Open(bench, new() { Channels = [new() { Input = Ads1115Input.Single0, Range = range }] });

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("larger range", thrown.Message, StringComparison.Ordinal);
        bench.Ambient.InputVolts[0] = Stimulus.Constant(0.1);
        Assert.Equal(0.1, (await bench.Run(sensor.MeasureAsync(Cancelled)))["voltage0"], 3);
    }

    [Fact]
    public async Task Small_negative_codes_of_a_single_ended_input_are_readings()
    {
        Bench bench = Chip();
        bench.Ambient.InputVolts[0] = Stimulus.Constant(-0.001);
        using Ads1115 sensor = Open(bench);

        Assert.Equal(-0.001, (await bench.Run(sensor.MeasureAsync(Cancelled)))["voltage0"], 9);
    }

    [Fact]
    public async Task A_brown_out_between_measurements_costs_nothing_but_an_initialisation()
    {
        Bench bench = Chip();
        using Ads1115 sensor = Open(bench);
        await bench.Run(sensor.MeasureAsync(Cancelled));

        bench.Chip.BrownOut();

        Assert.Equal(0.5, (await bench.Run(sensor.MeasureAsync(Cancelled)))["voltage1"]);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_brown_out_in_the_middle_of_a_measurement_never_passes_for_zero_volts(int channel)
    {
        Bench bench = Chip();
        // The first channel's settings are exactly the power-on ones: Config alone would not show the loss.
        Ads1115Channel first = new() { Input = Ads1115Input.Difference01, Range = Ads1115Range.Volts2048 };
        using Ads1115 sensor = Open(bench, new() { Channels = [first, .. new Ads1115Options().Channels.Skip(1)] });
        await bench.Run(sensor.MeasureAsync(Cancelled));

        Task<SensorReading> call = sensor.MeasureAsync(Cancelled).AsTask();
        int conversion = 0;
        for (int turn = 0; turn < 100 && !call.IsCompleted; turn++)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
            if (turn == (channel * 8) + 4) { bench.Chip.BrownOut(); conversion++; }
        }

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => call);
        Assert.Equal(1, conversion);
        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.Equal(-0.25, (await bench.Run(sensor.MeasureAsync(Cancelled)))["voltage01"]);
    }

    [Fact]
    public async Task A_conversion_left_running_by_an_earlier_program_is_waited_for()
    {
        Bench bench = Chip(conversionTime: ConversionTime.Maximum);
        using I2cDevice earlier = bench.Open();
        earlier.Write([0x01, 0x70, 0x03]); // input 3, continuous, 8 a second
        using Ads1115 sensor = Open(bench);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal([0.25, 0.5, 0.75, 1.0], reading.Values.Select(static value => value.Value));
    }

    [Fact]
    public async Task One_conversion_is_begun_for_each_channel_and_none_for_nothing() // a public driver begins one more before each change of mode
    {
        Bench bench = Chip();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Ads1115 sensor = new(recorder, new Ads1115Options(), bench.Clock);

        await bench.Run(sensor.MeasureAsync(Cancelled));
        await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal(8, recorder.Writes.Count(static write => write.Length == 3 && write[0] == 0x01 && (write[1] & 0x80) != 0));
    }

    [Theory, InlineData(1), InlineData(100)]
    public async Task The_time_out_counts_time_and_not_looks(int stepMilliseconds) // a public driver counts turns of its loop
    {
        Bench bench = Chip();
        using ScriptedWords device = new();
        using Ads1115 sensor = new(device, new Ads1115Options { DataRate = Ads1115DataRate.PerSecond8 }, bench.Clock);
        device.NeverIdle = true;
        long start = bench.Clock.GetTimestamp();

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(
            () => bench.Run(sensor.InitializeAsync(Cancelled), TimeSpan.FromMilliseconds(stepMilliseconds)));

        Assert.Equal(SensorFault.NotReady, thrown.Fault);
        Assert.InRange(bench.Clock.GetElapsedTime(start).TotalMilliseconds, 275, 275 + (3 * stepMilliseconds));
    }

    [Theory, InlineData(0x0000, "stuck"), InlineData(0xFFFF, "stuck"), InlineData(0x1234, "another chip")]
    public async Task What_does_not_keep_settings_is_not_this_chip(int word, string text)
    {
        Bench bench = Chip();
        using ScriptedWords device = new() { Fixed = (ushort)word };
        using Ads1115 sensor = new(device, new Ads1115Options(), bench.Clock);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.InitializeAsync(Cancelled)));

        Assert.Equal(SensorFault.WrongId, thrown.Fault);
        Assert.False(thrown.RetryMayHelp);
        Assert.Contains(text, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_ready_line_ends_the_wait_for_a_conversion()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using I2cDevice wire = bench.Open();
        using RecordingDevice recorder = new(wire);
        using Ads1115 sensor = new(recorder, new Ads1115Options { ReadyPin = Pin, DataRate = Ads1115DataRate.PerSecond8 }, bench.Clock, gpio);
        await bench.Run(sensor.InitializeAsync(Cancelled));
        recorder.Reads.Clear();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal([0.25, 0.5, 0.75, 1.0], reading.Values.Select(static value => value.Value));
        Assert.Equal(4, recorder.Reads.Count(static register => register == 0x01)); // one look for each conversion
        Assert.Equal(PinMode.InputPullUp, bench.Board.Gpio.ModeOf(Pin));
    }

    [Fact]
    public async Task A_ready_line_that_is_broken_costs_time_and_no_reading()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        using Ads1115 sensor = new(bench.Open(), new Ads1115Options { ReadyPin = Pin }, bench.Clock, gpio);
        bench.Board.Gpio.ShortCircuit(Pin, true);

        SensorReading reading = await bench.Run(sensor.MeasureAsync(Cancelled));

        Assert.Equal([0.25, 0.5, 0.75, 1.0], reading.Values.Select(static value => value.Value));
    }

    [Fact]
    public void The_ready_pin_is_released_with_the_sensor_and_refused_when_taken()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        Ads1115Options options = new() { ReadyPin = Pin };
        Ads1115 sensor = new(bench.Open(), options, bench.Clock, gpio);

        SensorException thrown = Assert.Throws<SensorException>(() => new Ads1115(bench.Open(), options, bench.Clock, gpio));
        Assert.Equal(SensorFault.BusUnavailable, thrown.Fault);
        Assert.True(gpio.IsPinOpen(Pin));
        sensor.Dispose();

        Assert.False(gpio.IsPinOpen(Pin));
        Assert.Throws<ArgumentNullException>(() => new Ads1115(bench.Open(), options, bench.Clock));
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        Bench bench = Chip();
        using Ads1115 sensor = Open(bench);
        EmulatedChip chip = bench.Chip;
        bench.Bus.Detach(0x48);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => bench.Run(sensor.MeasureAsync(Cancelled)));
        bench.Bus.Attach(0x48, chip);

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.StartsWith("I2C bus 1 address 0x48: ", thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0.25, (await bench.Run(sensor.MeasureAsync(Cancelled)))["voltage0"]);
    }

    [Fact]
    public async Task Cancellation_ends_both_kinds_of_wait()
    {
        Bench bench = Chip(pin: Pin);
        using GpioController gpio = bench.Buses.OpenGpio();
        foreach (int? pin in new int?[] { null, Pin })
        {
            using Ads1115 sensor = new(bench.Open(), new Ads1115Options { ReadyPin = pin }, bench.Clock, gpio);
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
        Ads1115Channel good = new() { Input = Ads1115Input.Single0 };

        Refused(new() { Channels = [] });
        Refused(new() { Channels = [good with { Input = (Ads1115Input)8 }] });
        Refused(new() { Channels = [good with { Range = (Ads1115Range)6 }] });
        Refused(new() { Channels = [good with { Multiplier = double.NaN }] });
        Refused(new() { Channels = [good with { Multiplier = 0 }] });
        Refused(new() { DataRate = (Ads1115DataRate)8 });
        Refused(new() { SupplyVolts = 1.9 });
        Refused(new() { SupplyVolts = double.NaN });
        Refused(new() { ReadyPin = 54 });
        Refused(new() { TransferAttempts = 11 });
        Assert.Throws<ArgumentException>(() => Open(bench, new() { Channels = [good, good] }));
        Assert.Throws<ArgumentException>(() => Open(bench, new() { Channels = [good with { Name = " " }] }));

        void Refused(Ads1115Options options) => Assert.Throws<ArgumentOutOfRangeException>(() => Open(bench, options));
    }

    private static Bench Chip(int? pin = null, ConversionTime conversionTime = ConversionTime.Typical) =>
        new(new EmulatedChipOptions { Chip = "ADS1115", InterruptPin = pin, ConversionTime = conversionTime });

    private static Ads1115 Open(Bench bench, Ads1115Options? options = null) => new(bench.Open(), options ?? new Ads1115Options(), bench.Clock);

    /// <summary>Four words behind a pointer: what no healthy ADS1115 does.</summary>
    private sealed class ScriptedWords : I2cDevice
    {
        private readonly ushort[] _words = new ushort[4];

        public bool NeverIdle { get; set; }

        public ushort? Fixed { get; init; }

        public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x48);

        public override void Read(Span<byte> buffer) => throw new NotSupportedException();

        public override void Write(ReadOnlySpan<byte> buffer) => _words[buffer[0]] = (ushort)((buffer[1] << 8) | buffer[2]);

        public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
        {
            int word = Fixed ?? _words[writeBuffer[0]];
            if (NeverIdle && writeBuffer[0] == 0x01) { word &= 0x7FFF; }

            (readBuffer[0], readBuffer[1]) = ((byte)(word >> 8), (byte)word);
        }
    }
}
