using System.Device.Gpio;
using System.Device.Spi;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The bus and its device, seen through an MCP3008 with 1.65 V on its first input: 01 80 00 answers FF FA 00.</summary>
public sealed class EmulatedSpiBusTests
{
    private static readonly byte[] Request = [0x01, 0x80, 0x00];
    private static readonly byte[] Answer = [0xFF, 0xFA, 0x00];
    private static readonly byte[] Floating = [0xFF, 0xFF, 0xFF];

    [Fact]
    public void Several_buses_and_chip_selects_are_told_apart()
    {
        EmulatedChipOptions[] chips =
        [
            new() { Chip = "MCP3008", ReferenceVolts = 1 }, new() { Chip = "MCP3008", ChipSelect = 1, ReferenceVolts = 2 },
            new() { Chip = "MCP3008", SpiBusId = 1, ChipSelect = 2, ReferenceVolts = 4 }, new() { Chip = "BME280" },
        ];
        Ambient ambient = new();
        ambient.InputVolts[0] = Stimulus.Constant(0.5);
        EmulatedBoard board = new(new() { Chips = chips }, ambient, new FakeTimeProvider());
        using EmulatedBusProvider buses = new(board);

        int[] codes = [.. new[] { (0, 0), (0, 1), (1, 2) }.Select(place => Code(buses, place.Item1, place.Item2))];

        Assert.Equal([512, 256, 128], codes);
        Assert.Equal([0, 1], board.SpiBuses.Select(static bus => bus.BusId).Order());
        Assert.True(board.I2cBuses.Single().Chips.ContainsKey(0x76));

        static int Code(EmulatedBusProvider buses, int bus, int chipSelect)
        {
            using SpiDevice device = buses.OpenSpi(new(bus, chipSelect));
            byte[] answer = SpiBench.Exchange(device, Request);
            return ((answer[1] & 3) << 8) | answer[2];
        }
    }

    [Fact]
    public void A_board_that_cannot_be_built_says_why()
    {
        ArgumentException taken = Assert.Throws<ArgumentException>(() => Build(new() { Chip = "MCP3008" }, new() { Chip = "MCP3008" }));

        Assert.Contains("SPI bus 0 chip select 0 is taken by a MCP3008", taken.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new EmulatedChipOptions { Chip = "MCP3008", ChipSelect = 2 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new EmulatedChipOptions { Chip = "MCP3008", SpiBusId = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new EmulatedChipOptions { Chip = "MCP3008", ReferenceVolts = 0 }));

        static EmulatedBoard Build(params EmulatedChipOptions[] chips) => new(new() { Chips = chips }, new Ambient(), new FakeTimeProvider());
    }

    [Theory, InlineData(1, 0), InlineData(0, 2), InlineData(0, -2)]
    public void An_absent_node_shows_at_the_first_transfer_and_not_before(int bus, int chipSelect)
    {
        using SpiDevice device = Bench().Buses.OpenSpi(new(bus, chipSelect));

        IOException thrown = Assert.Throws<IOException>(() => device.WriteByte(0));

        Assert.Equal($"Error 2 (No such file or directory). Can not open SPI device file '/dev/spidev{bus}.{chipSelect}'.", thrown.Message);
    }

    [Fact]
    public void A_chip_select_without_chip_floats_as_the_bus_does()
    {
        SpiBench bench = Bench();
        using SpiDevice empty = bench.Buses.OpenSpi(new(0, 1));

        Assert.Equal(Floating, SpiBench.Exchange(empty, Request));
        bench.Bus.FloatsHigh = false;
        Assert.Equal([0, 0, 0], SpiBench.Exchange(empty, Request));
    }

    [Fact]
    public void A_chip_without_supply_and_one_pulled_out_drive_nothing()
    {
        SpiBench bench = Bench();
        using SpiDevice device = bench.Open();
        EmulatedSpiChip chip = bench.Chip;

        chip.IsPowered = false;
        Assert.Equal(Floating, SpiBench.Exchange(device, Request));
        chip.IsPowered = true;
        Assert.Equal(Answer, SpiBench.Exchange(device, Request));
        Assert.True(bench.Bus.Detach(0));
        Assert.Equal(Floating, SpiBench.Exchange(device, Request));
        bench.Bus.Attach(0, chip);

        Assert.Equal(Answer, SpiBench.Exchange(device, Request));
        Assert.False(bench.Bus.Detach(1));
    }

    [Theory, InlineData(true, 0xFF), InlineData(false, 0x00)]
    public void A_stuck_line_shows_nothing_but_its_level(bool level, byte shown)
    {
        SpiBench bench = Bench();
        bench.Bus.MisoStuck = level;
        using SpiDevice device = bench.Open();

        Assert.Equal([shown, shown, shown], SpiBench.Exchange(device, Request));
    }

    [Fact]
    public void Reads_send_zeros_and_writes_drop_what_comes_back()
    {
        SpiBench bench = Bench();
        using SpiDevice device = bench.Open();
        byte[] read = [1, 2, 3];

        device.Read(read);
        device.Write(Request);

        Assert.Equal(Floating, read); // zeros hold no start bit
        Assert.Equal(0xFF, device.ReadByte());
        Assert.Equal(3, bench.Bus.Exchanges);
    }

    [Fact]
    public void Bytes_with_the_lowest_bit_first_are_mirrored_on_the_wire()
    {
        using SpiDevice device = Bench().Buses.OpenSpi(new(0, 0) { DataFlow = DataFlow.LsbFirst });

        Assert.Equal([0xFF, 0b0101_1111, 0x00], SpiBench.Exchange(device, 0x80, 0x01, 0x00));
    }

    [Theory, InlineData(SpiMode.Mode1), InlineData(SpiMode.Mode2)]
    public void In_a_mode_with_the_other_edge_both_directions_come_one_bit_late(SpiMode mode)
    {
        using SpiDevice device = Bench().Open(mode);

        Assert.Equal([0xFF, 0xFE, 0x80], SpiBench.Exchange(device, 0x01, 0x80, 0x00)); // the answer FF FD 00 to a request one bit late, again one late
    }

    [Fact]
    public void An_active_high_select_and_none_at_all_select_no_chip()
    {
        SpiBench bench = Bench();
        using SpiDevice high = bench.Buses.OpenSpi(new(0, 0) { ChipSelectLineActiveState = PinValue.High });
        using SpiDevice none = bench.Buses.OpenSpi(new(0, -1));

        Assert.Equal(Floating, SpiBench.Exchange(high, Request));
        Assert.Equal(Floating, SpiBench.Exchange(none, Request));
    }

    [Fact]
    public void What_spidev_refuses_is_refused()
    {
        SpiBench bench = Bench();
        using SpiDevice words = bench.Buses.OpenSpi(new(0, 0) { DataBitLength = 16 });
        using SpiDevice stopped = bench.Open(clockHertz: 0);
        using SpiDevice device = bench.Open();
        using SpiDevice mode = bench.Open((SpiMode)4);

        Assert.Equal("Error 22 (Invalid argument). Can not set SPI data bit length to 16.", Message<IOException>(() => words.ReadByte()));
        Assert.StartsWith("Error 22 (Invalid argument). Can not set SPI clock", Message<IOException>(() => stopped.ReadByte()), StringComparison.Ordinal);
        Assert.Equal("Error 90 (Message too long) performing SPI data transfer.", Message<IOException>(() => device.Write(new byte[4097])));
        Assert.StartsWith("Error 0 (", Message<IOException>(() => device.Write([])), StringComparison.Ordinal);
        Assert.NotEmpty(Message<ArgumentException>(() => device.Read([])));
        Assert.NotEmpty(Message<ArgumentException>(() => device.TransferFullDuplex(new byte[2], new byte[3])));
        Assert.NotEmpty(Message<ArgumentException>(() => mode.ReadByte()));
        device.Write(new byte[4096]);

        static string Message<T>(Action action)
            where T : Exception => Assert.Throws<T>(action).Message;
    }

    [Fact]
    public void A_disposed_device_opens_its_node_again_and_settings_are_a_copy()
    {
        SpiBench bench = Bench();
        SpiConnectionSettings settings = new(0, 0) { ClockFrequency = 1_000_000 };
        SpiDevice device = bench.Buses.OpenSpi(settings);

        device.Dispose();
        settings.ChipSelectLine = 1;
        device.ConnectionSettings.ChipSelectLine = 1;

        Assert.Equal(Answer, SpiBench.Exchange(device, Request));
        Assert.Equal(0, device.ConnectionSettings.ChipSelectLine);
    }

    [Fact]
    public void The_bus_tells_how_long_its_clock_ran()
    {
        SpiBench bench = Bench();
        using SpiDevice slow = bench.Open(clockHertz: 100_000);
        using SpiDevice fast = bench.Open(clockHertz: 1_000_000);

        slow.Write(Request);
        fast.Write(Request);

        Assert.Equal(TimeSpan.FromMicroseconds(264), bench.Bus.ClockedTime);
    }

    [Fact]
    public async Task Exchanges_of_several_threads_never_interleave()
    {
        SpiBench bench = Bench();
        CancellationToken cancelled = TestContext.Current.CancellationToken;
        for (int i = 0; i < 8; i++) { bench.Ambient.InputVolts[i] = Stimulus.Constant(3.3 * ((i * 100) + 0.5) / 1024); }

        Task[] readers = [.. Enumerable.Range(0, 4).Select(channel => Task.Run(() => ReadMany(channel), cancelled))];

        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), cancelled);
        Assert.Equal(4 * 5_000, bench.Bus.Exchanges);

        void ReadMany(int channel)
        {
            using SpiDevice device = bench.Open();
            for (int i = 0; i < 5_000; i++)
            {
                byte[] answer = SpiBench.Exchange(device, 0x01, (byte)(0x80 | (channel << 4)), 0x00);
                Assert.Equal(channel * 100, ((answer[1] & 3) << 8) | answer[2]);
            }
        }
    }

    private static SpiBench Bench()
    {
        SpiBench bench = new(new() { Chip = "MCP3008" });
        bench.Ambient.InputVolts[0] = Stimulus.Constant(1.65);
        return bench;
    }
}
