using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class BusTraceTests
{
    private const string Climate = """{"chip":"BME280"},{"chip":"SHT31"},{"chip":"MCP3008"}""";

    private static readonly string[] Played = ["BME280", "SHT31", "MCP3008"];

    [Fact]
    public void A_full_recording_says_so_once_in_its_last_line_and_in_the_log()
    {
        StringWriter text = new();
        ListedLog log = new();
        using BusTraceWriter writer = new(text, "emulated", new FakeTimeProvider(), log, most: 400);
        BusTraceEntry entry = new() { At = TimeSpan.FromMicroseconds(7), Bus = "i2c-1", Address = 0x76, Operation = BusOperation.WriteRead, Out = new byte[] { 0xD0 }, In = new byte[] { 0x60 } };

        for (int i = 0; i < 50; i++) { writer.Add(entry); }

        BusTrace trace = BusTrace.Parse(new StringReader(text.ToString()), "full");
        Assert.True(writer.IsFull);
        Assert.True(trace.WasFull);
        Assert.InRange(trace.Entries.Count, 1, 5);
        Assert.InRange(text.ToString().Length, 200, 400);
        Assert.EndsWith("{\"us\":7,\"end\":\"full\"}\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("is full", Assert.Single(log.Lines), StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => BusTrace.Parse(new StringReader(text + BusTraceFormat.Line(entry)), "torn together"));
    }

    [Fact]
    public void Each_transfer_and_edge_is_one_line()
    {
        StringWriter text = new();
        FakeTimeProvider clock = new();
        using EmulatedBoard board = new(new() { Chips = [new() { Chip = "BME280" }, new() { Chip = "MCP3008" }] }, new Ambient(), clock);
        using RecordingBusProvider buses = new(new EmulatedBusProvider(board), new BusTraceWriter(text, "emulated", clock));
        clock.Advance(TimeSpan.FromMilliseconds(2));
        using I2cDevice chip = buses.OpenI2c(1, 0x76);
        using I2cDevice absent = buses.OpenI2c(1, 0x44);
        using SpiDevice inputs = buses.OpenSpi(new SpiConnectionSettings(0, 0));
        using GpioController gpio = buses.OpenGpio();
        using GpioPin led = gpio.OpenPin(5, PinMode.Output, PinValue.High);
        using GpioPin button = gpio.OpenPin(6, PinMode.Input);
        button.ValueChanged += static (_, _) => { };

        chip.WriteRead([0xD0], new byte[1]);
        chip.Write([0xF4, 0x25]);
        Assert.Throws<IOException>(() => absent.Read(new byte[2]));
        inputs.TransferFullDuplex([1, 0x80, 0], new byte[3]);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        board.Gpio.Drive(6, true);
        led.Write(PinValue.Low);

        Assert.Equal(
            """
            {"trace":"sensornode-bus","version":1,"provider":"emulated"}
            {"us":2000,"bus":"gpio","pin":5,"op":"pinMode","mode":"Output"}
            {"us":2000,"bus":"gpio","pin":5,"op":"pinWrite","level":1}
            {"us":2000,"bus":"gpio","pin":6,"op":"pinMode","mode":"Input"}
            {"us":2000,"bus":"i2c-1","addr":"0x76","op":"writeRead","out":"d0","in":"60"}
            {"us":2000,"bus":"i2c-1","addr":"0x76","op":"write","out":"f425"}
            {"us":2000,"bus":"i2c-1","addr":"0x44","op":"read","in":"0000","errno":121}
            {"us":2000,"bus":"spi-0.0","op":"transfer","out":"018000","in":"ff004d"}
            {"us":3000,"bus":"gpio","pin":6,"op":"edge","level":1}
            {"us":3000,"bus":"gpio","pin":5,"op":"pinWrite","level":0}

            """.Replace("\"in\":\"ff004d\"", $"\"in\":\"{Spi(text.ToString())}\"", StringComparison.Ordinal),
            text.ToString());
        Assert.Equal(0x4D, Convert.FromHexString(Spi(text.ToString()))[2]); // 0.25 V of 3.3 V
    }

    [Fact]
    public void A_trace_reads_back_as_it_was_written()
    {
        string text = Record(1).Text;

        BusTrace trace = BusTrace.Parse(new StringReader(text), "t");

        Assert.Equal("emulated", trace.Provider);
        Assert.Equal(text, string.Concat(trace.Entries.Select(static entry => $"{BusTraceFormat.Line(entry)}\n").Prepend($"{BusTraceFormat.Header("emulated")}\n")));
    }

    [Fact]
    public void The_same_seed_gives_the_same_digest_every_time()
    {
        string[] digests = [.. Enumerable.Range(0, 100).Select(static _ => Record(7).Trace.Digest())];

        Assert.Single(digests.Distinct());
        Assert.NotEqual(digests[0], Record(8).Trace.Digest());
    }

    [Fact]
    public async Task A_strict_replay_gives_the_readings_of_the_recording()
    {
        (BusTrace trace, string _, double[] values) = Record(3);
        FakeTimeProvider clock = new();
        using ReplayBusProvider replay = new(trace, ReplayMode.Strict, clock);

        Assert.Equal(values, await Play(replay, clock));
        Assert.Equal(0, replay.Remaining);
    }

    [Fact]
    public async Task A_strict_replay_refuses_what_was_not_recorded_and_shows_both()
    {
        BusTrace trace = Record(3).Trace;
        FakeTimeProvider clock = new();
        using ReplayBusProvider replay = new(trace, ReplayMode.Strict, clock);
        using I2cDevice device = replay.OpenI2c(1, 0x76);

        SensorException refused = Assert.Throws<SensorException>(() => device.Write([0xF4, 0x99]));

        Assert.Contains("transfer 1 of the trace is i2c-1 0x76", refused.Message, StringComparison.Ordinal);
        Assert.Contains("asks for i2c-1 0x76 write f499", refused.Message, StringComparison.Ordinal);
        await Play(replay, clock); // the trace did not move
    }

    [Fact]
    public async Task A_lenient_replay_answers_another_order_by_address_and_register()
    {
        (BusTrace trace, string _, double[] values) = Record(3);
        FakeTimeProvider clock = new();
        using ReplayBusProvider replay = new(trace, ReplayMode.Lenient, clock);
        using ISensor sht = SensorCatalog.Open(new SensorConnection { Chip = "SHT31" }, replay, clock);
        using ISensor bme = SensorCatalog.Open(new SensorConnection { Chip = "BME280" }, replay, clock);

        SensorReading climate = await Virtual.Run(clock, sht.MeasureAsync(TestContext.Current.CancellationToken));
        SensorReading other = await Virtual.Run(clock, bme.MeasureAsync(TestContext.Current.CancellationToken));

        Assert.Contains(climate["temperature"], values);
        Assert.Contains(other["pressure"], values);
        using I2cDevice absent = replay.OpenI2c(1, 0x50);
        Assert.StartsWith("Error 121", Assert.Throws<IOException>(() => absent.WriteByte(1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_failures_fail_again_with_their_errno()
    {
        BusTrace trace = Parse("""{"us":0,"bus":"i2c-1","addr":"0x76","op":"write","out":"00","errno":110}""", """{"us":5,"bus":"spi-0.0","op":"transfer","out":"01","in":"00","errno":5}""");
        using ReplayBusProvider replay = new(trace, ReplayMode.Strict, new FakeTimeProvider());

        using I2cDevice i2c = replay.OpenI2c(1, 0x76);
        using SpiDevice spi = replay.OpenSpi(new SpiConnectionSettings(0, 0));

        Assert.StartsWith("Error 110 (", Assert.Throws<IOException>(() => i2c.WriteByte(0)).Message, StringComparison.Ordinal);
        Assert.StartsWith("Error 5 (", Assert.Throws<IOException>(() => spi.TransferFullDuplex([1], new byte[1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_edges_come_when_they_came_and_outputs_are_held_to_the_trace()
    {
        BusTrace trace = Parse(
            """{"us":1000,"bus":"gpio","pin":6,"op":"edge","level":1}""", """{"us":2000,"bus":"gpio","pin":6,"op":"edge","level":0}""",
            """{"us":2500,"bus":"gpio","pin":5,"op":"pinWrite","level":1}""");
        FakeTimeProvider clock = new();
        using ReplayBusProvider replay = new(trace, ReplayMode.Strict, clock);
        using GpioController gpio = replay.OpenGpio();
        List<PinEventTypes> edges = [];
        using GpioPin button = gpio.OpenPin(6, PinMode.Input);
        using GpioPin led = gpio.OpenPin(5, PinMode.Input);
        button.ValueChanged += (_, edge) => edges.Add(edge.ChangeType);

        clock.Advance(TimeSpan.FromMilliseconds(1.5));
        PinValue between = button.Read();
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal([PinEventTypes.Rising, PinEventTypes.Falling], edges);
        Assert.Equal((PinValue.High, PinValue.Low), (between, button.Read()));
        led.SetPinMode(PinMode.Output);
        Assert.Throws<SensorException>(() => led.Write(PinValue.Low));
    }

    [Fact]
    public void A_diff_shows_what_only_one_of_two_traces_has()
    {
        BusTrace first = Parse(Line(1, "d0", "60"), Line(2, "f7", "01"), Line(3, "fa", "02"), Line(4, "fd", "03"));
        BusTrace second = Parse(Line(9, "d0", "60"), Line(9, "f7", "11"), Line(9, "fa", "02"), Line(9, "e0", "00"), Line(9, "fd", "03"));

        IReadOnlyList<string> lines = BusTraceDiff.Compare(first, second);

        Assert.Empty(BusTraceDiff.Compare(first, first));
        Assert.Equal(
            [
                "@ entry 2 of the first, 2 of the second", "  0.000001 i2c-1 0x76 writeRead d0 → 60", "- 0.000002 i2c-1 0x76 writeRead f7 → 01", "+ 0.000009 i2c-1 0x76 writeRead f7 → 11",
                "@ entry 4 of the first, 4 of the second", "  0.000002 i2c-1 0x76 writeRead f7 → 01", "  0.000003 i2c-1 0x76 writeRead fa → 02", "+ 0.000009 i2c-1 0x76 writeRead e0 → 00",
                "3 entries differ (4 in t, 5 in t)",
            ], lines);

        static string Line(int us, string sent, string got) => $$"""{"us":{{us}},"bus":"i2c-1","addr":"0x76","op":"writeRead","out":"{{sent}}","in":"{{got}}"}""";
    }

    [Theory]
    [InlineData("", "t line 1 is no JSON")]
    [InlineData("{}", "t line 1 does not begin with")]
    [InlineData("""{"trace":"sensornode-bus","version":2}""", "t line 1 has version 2; this program reads version 1")]
    [InlineData("{\"trace\":\"sensornode-bus\",\"version\":1}\n[]\n{}\n", "t line 2 is no JSON object")]
    [InlineData("{\"trace\":\"sensornode-bus\",\"version\":1}\n{\"us\":1,\"bus\":\"i2c-1\"}\n", "t line 2 has no \"op\" out of write, read,")]
    [InlineData("{\"trace\":\"sensornode-bus\",\"version\":1}\n{\"us\":1,\"bus\":\"i2c-1\",\"op\":\"write\",\"out\":\"0\"}\n", "t line 2 has an \"out\" that is not pairs")]
    [InlineData("{\"trace\":\"sensornode-bus\",\"version\":1}\n{\"us\":-1,\"bus\":\"i2c-1\",\"op\":\"write\"}\n", "t line 2 has no \"us\"")]
    [InlineData("{\"trace\":\"sensornode-bus\",\"version\":1}\n{\"us\":1,\"bus\":\"i2c-1\",\"addr\":\"76\",\"op\":\"write\"}\n", "t line 2 has the address \"76\"")]
    public void A_file_that_is_no_trace_names_its_line(string text, string expected)
    {
        InvalidDataException refused = Assert.Throws<InvalidDataException>(() => BusTrace.Parse(new StringReader(text), "t"));

        Assert.StartsWith(expected, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_torn_by_a_kill_is_left_out_and_no_text_breaks_the_reader()
    {
        string text = Record(1).Text;
        int whole = BusTrace.Parse(new StringReader(text), "t").Entries.Count;

        Assert.Equal(whole - 1, BusTrace.Parse(new StringReader(text[..^9]), "t").Entries.Count);

        Random random = new(1);
        for (int round = 0; round < 1_000; round++)
        {
            StringBuilder hostile = new(text[..random.Next(Math.Min(text.Length, 2_000))]);
            for (int i = 0; i < 3 && hostile.Length > 0; i++) { hostile[random.Next(hostile.Length)] = (char)random.Next(32, 127); }

            try
            {
                BusTrace.Parse(new StringReader(hostile.ToString()), "t");
            }
            catch (InvalidDataException refused)
            {
                Assert.NotEmpty(refused.Message);
            }
        }
    }

    private static string Spi(string text) => text.Split("\"out\":\"018000\",\"in\":\"")[1][..6];

    private static BusTrace Parse(params string[] lines) => BusTrace.Parse(new StringReader(string.Join('\n', lines.Prepend(BusTraceFormat.Header("emulated"))) + "\n"), "t");

    /// <summary>Three sensors with tolerances and flipped acknowledges, read three times over on virtual time.</summary>
    private static (BusTrace Trace, string Text, double[] Values) Record(int seed)
    {
        StringWriter text = new();
        FakeTimeProvider clock = new();
        string json = $$"""{"version":1,"seed":{{seed}},"chips":[{{Climate.Replace("}", ",\"tolerances\":true}", StringComparison.Ordinal)}}],"faults":[{"kind":"noAcknowledge","chip":"bme280","probability":0.1}]}""";
        using EmulatedBoard board = BoardFile.Parse(Encoding.UTF8.GetBytes(json), "b").CreateBoard(clock);
        using SharedBusProvider buses = new(new RecordingBusProvider(new EmulatedBusProvider(board), new BusTraceWriter(text, "emulated", clock)), clock);
        // Without a synchronisation context the drivers go on inside Advance, so that the instants are those of the timers.
        double[] values = Task.Run(() => Play(buses, clock)).GetAwaiter().GetResult();
        return (BusTrace.Parse(new StringReader(text.ToString()), "t"), text.ToString(), values);
    }

    private static async Task<double[]> Play(IBusProvider buses, FakeTimeProvider clock)
    {
        List<double> values = [];
        ISensor[] sensors = [.. Played.Select(chip => SensorCatalog.Open(new SensorConnection { Chip = chip }, buses, clock))];
        for (int round = 0; round < 3; round++)
        {
            foreach (ISensor sensor in sensors)
            {
                SensorReading reading = await Virtual.Run(clock, sensor.MeasureAsync(CancellationToken.None));
                values.AddRange(reading.Values.Select(static value => value.Value));
            }
        }

        foreach (ISensor sensor in sensors) { sensor.Dispose(); }

        return [.. values];
    }

    private sealed class ListedLog : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
