using System.Device.Gpio;
using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class MultiplexerTests
{
    private const string TwoBehindOne = """
        {"chip":"TCA9548A","name":"mux","resetPin":4},
        {"chip":"SHT31","name":"left","mux":{"address":"0x70","channel":2}},
        {"chip":"SHT31","name":"right","mux":{"address":"0x70","channel":5}}
        """;

    [Fact]
    public void A_channel_that_is_not_selected_hides_its_chips()
    {
        using BoardBench bench = new(TwoBehindOne);
        using I2cDevice mux = bench.Buses.OpenI2c(1, 0x70);
        using I2cDevice chip = bench.Buses.OpenI2c(1, 0x44);

        Assert.StartsWith("Error 121", Assert.Throws<IOException>(() => chip.Write([])).Message, StringComparison.Ordinal);
        mux.WriteByte(1 << 2);
        chip.Write([]);

        Assert.Equal(1 << 2, mux.ReadByte());
        mux.Write([0xFF, 1 << 3]); // the last byte counts
        Assert.Equal(1 << 3, mux.ReadByte());
        Assert.Throws<IOException>(() => chip.Write([]));
    }

    [Fact]
    public void The_reset_line_and_a_lost_supply_close_every_channel()
    {
        using BoardBench bench = new(TwoBehindOne);
        using I2cDevice mux = bench.Buses.OpenI2c(1, 0x70);
        using GpioController gpio = bench.Buses.OpenGpio();
        mux.WriteByte(0xFF);
        using GpioPin reset = gpio.OpenPin(4, PinMode.Output, PinValue.Low);

        Assert.Throws<IOException>(() => mux.ReadByte());
        reset.Write(PinValue.High);
        Assert.Equal(0, mux.ReadByte());

        mux.WriteByte(0xFF);
        bench.Board.Chips["mux"].BrownOut();
        Assert.Equal(0, mux.ReadByte());
    }

    [Fact]
    public async Task Two_sensors_with_one_address_are_read_behind_their_channels()
    {
        using BoardBench bench = new(TwoBehindOne);
        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.Drift, Chip = "right", Quantity = "temperatureCelsius", PerHour = 1_000_000 });
        using ISensor left = bench.Open(Behind(2));
        using ISensor right = bench.Open(Behind(5));

        SensorReading first = await bench.Measure(left);
        SensorReading second = await bench.Measure(right);
        SensorReading third = await bench.Measure(left);

        Assert.Equal(21, first["temperature"], 0.05);
        Assert.True(second["temperature"] > 30, "the chip behind channel 5 drifts");
        Assert.Equal(21, third["temperature"], 0.05);
    }

    [Fact]
    public async Task A_multiplexer_that_forgot_its_channel_in_a_brown_out_costs_no_reading()
    {
        using BoardBench bench = new(TwoBehindOne);
        using ISensor left = bench.Open(Behind(2));
        await bench.Measure(left);

        for (int round = 0; round < 20; round++)
        {
            bench.Board.Chips["mux"].BrownOut();

            Assert.Equal(21, (await bench.Measure(left))["temperature"], 0.05);
        }
    }

    [Fact]
    public async Task A_multiplexer_that_is_gone_is_named_as_the_cause_and_its_return_heals()
    {
        using BoardBench bench = new(TwoBehindOne);
        using ISensor left = bench.Open(Behind(2));
        await bench.Measure(left);
        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.Unplug, Chip = "mux", At = bench.Board.Elapsed, Duration = TimeSpan.FromSeconds(1) });

        SensorException gone = await Assert.ThrowsAsync<SensorException>(() => bench.Measure(left));
        bench.Pass(1_000);
        SensorReading back = await bench.Measure(left);

        Assert.Equal(SensorFault.NoAcknowledge, gone.Fault);
        Assert.StartsWith("I2C bus 1 address 0x70 (multiplexer, channel 2): ", gone.Message, StringComparison.Ordinal);
        Assert.Equal(21, back["temperature"], 0.05);
    }

    [Fact]
    public async Task The_same_address_on_several_buses_and_behind_several_multiplexers_are_different_chips()
    {
        using BoardBench bench = new("""
            {"chip":"TCA9548A","name":"a"}, {"chip":"TCA9548A","name":"b","address":"0x71"},
            {"chip":"BME280","name":"one","mux":{"address":"0x70","channel":0}},
            {"chip":"BME280","name":"two","mux":{"address":"0x71","channel":0}},
            {"chip":"BME280","name":"three","bus":3}, {"chip":"BME280","name":"four","address":"0x77"}
            """);
        (string Name, SensorConnection Connection)[] all =
        [
            ("one", new() { Chip = "BME280", Mux = new I2cMuxChannel(0x70, 0) }), ("two", new() { Chip = "BME280", Mux = new I2cMuxChannel(0x71, 0) }),
            ("three", new() { Chip = "BME280", BusId = 3 }), ("four", new() { Chip = "BME280", Address = 0x77 }),
        ];
        ISensor[] sensors = [.. all.Select(one => bench.Open(one.Connection))];
        for (int i = 0; i < all.Length; i++)
        {
            bench.Board.Faults.Clear();
            bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.Saturation, Chip = all[i].Name, Quantity = "humidityPercent" });
            for (int j = 0; j < sensors.Length; j++)
            {
                double humidity = (await bench.Measure(sensors[j]))["humidity"];
                Assert.Equal(i == j ? 100 : 45, humidity, 0.2);
            }
        }

        foreach (ISensor sensor in sensors) { sensor.Dispose(); }
    }

    [Fact]
    public void Channels_left_open_let_several_chips_answer_and_the_lows_win()
    {
        using BoardBench bench = new("""
            {"chip":"TCA9548A"}, {"chip":"MPU-6050","name":"x","mux":{"address":"0x70","channel":0}}, {"chip":"MPU-6050","name":"y","mux":{"address":"0x70","channel":1}}
            """);
        using I2cDevice mux = bench.Buses.OpenI2c(1, 0x70);
        using I2cDevice chip = bench.Buses.OpenI2c(1, 0x68);
        bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.WrongId, Chip = "y", Id = 0x48 });
        byte[] id = new byte[1];

        mux.WriteByte(3);
        // The shared bus knows nothing of a select made by hand.
        chip.WriteRead([0x75], id);

        Assert.Equal(0x68 & 0x48, id[0]);
    }

    [Fact]
    public async Task Threads_on_one_bus_never_come_between_a_select_and_its_transfer()
    {
        const int Channels = 8;
        using BoardBench bench = new(string.Join(',', Enumerable.Range(0, Channels)
            .Select(channel => $$$"""{"chip":"MPU-6050","name":"c{{{channel}}}","mux":{"address":"0x70","channel":{{{channel}}}}}""")
            .Append("""{"chip":"TCA9548A"},{"chip":"BME280"}""")));
        for (int channel = 0; channel < Channels; channel++) { bench.Board.Faults.Add(new BusFault { Kind = BusFaultKind.WrongId, Chip = $"c{channel}", Id = (byte)channel }); }

        CancellationToken cancelled = TestContext.Current.CancellationToken;
        Task[] users = [.. Enumerable.Range(-1, Channels + 1).SelectMany(channel => new[] { channel, channel }).Select(channel => Task.Run(() => ReadMany(channel), cancelled))];

        await Task.WhenAll(users);

        void ReadMany(int channel)
        {
            using I2cDevice device = channel < 0 ? bench.Buses.OpenI2c(1, 0x76) : bench.Buses.OpenI2c(1, new I2cMuxChannel(0x70, channel), 0x68);
            Span<byte> id = stackalloc byte[1];
            for (int i = 0; i < 500; i++)
            {
                device.WriteRead([channel < 0 ? (byte)0xD0 : (byte)0x75], id);
                Assert.Equal(channel < 0 ? 0x60 : channel, id[0]);
            }
        }
    }

    [Fact]
    public void A_provider_that_cannot_keep_others_out_refuses_a_channel()
    {
        using EmulatedBoard board = new(new EmulatedBoardOptions(), new Ambient(), new FakeTimeProvider());
        IBusProvider bare = new EmulatedBusProvider(board);

        SensorException refused = Assert.Throws<SensorException>(() => SensorCatalog.Open(Behind(1), bare, new FakeTimeProvider()));

        Assert.Equal(SensorFault.BusUnavailable, refused.Fault);
        Assert.Contains("SharedBusProvider", refused.Message, StringComparison.Ordinal);
    }

    private static SensorConnection Behind(int channel) => new() { Chip = "SHT31", Mux = new I2cMuxChannel(0x70, channel) };
}
