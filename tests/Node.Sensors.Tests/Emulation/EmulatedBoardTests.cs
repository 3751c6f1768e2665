using System.Device.I2c;
using System.Device.Spi;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class EmulatedBoardTests
{
    [Fact]
    public void A_scan_finds_exactly_the_chips_of_a_bus_and_changes_nothing()
    {
        EmulatedBoard board = new(
            new() { Chips = [new() { Chip = "BME280" }, new() { Chip = "bme280", Address = 0x77 }, new() { Chip = "BME280", BusId = 3 }] },
            new Ambient(), new FakeTimeProvider());
        using EmulatedBusProvider buses = new(board);

        List<int> found = [];
        for (int address = 0x03; address <= 0x77; address++)
        {
            using I2cDevice device = buses.OpenI2c(1, address);
            try
            {
                device.Write([]);
                found.Add(address);
            }
            catch (IOException failure)
            {
                Assert.StartsWith("Error 121 (", failure.Message, StringComparison.Ordinal);
            }
        }

        Assert.Equal([0x76, 0x77], found);
        Assert.Equal([1, 3], board.I2cBuses.Select(static bus => bus.BusId).Order());
    }

    [Fact]
    public void Two_chips_of_one_board_are_two_units()
    {
        FakeTimeProvider clock = new();
        EmulatedBoard board = new(new() { Chips = [new() { Chip = "BME280" }, new() { Chip = "BME280", Address = 0x77 }] }, new Ambient(), clock);
        clock.Advance(TimeSpan.FromMilliseconds(2));

        Assert.NotEqual(
            board.I2cBuses.Single().Chips[0x76].Registers.Select(static register => register.Reset),
            board.I2cBuses.Single().Chips[0x77].Registers.Select(static register => register.Reset));
    }

    [Fact]
    public void A_board_that_cannot_be_built_says_why()
    {
        ArgumentException unknown = Assert.Throws<ArgumentException>(() => Build(new EmulatedChipOptions { Chip = "XYZ1" }));
        ArgumentException taken = Assert.Throws<ArgumentException>(() => Build(new() { Chip = "BME280" }, new() { Chip = "BME280" }));

        Assert.Contains("'XYZ1'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("I2C bus 1 address 0x76", taken.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Build(new EmulatedChipOptions { Chip = "BME280", Address = 0x80 }));

        static EmulatedBoard Build(params EmulatedChipOptions[] chips) => new(new() { Chips = chips }, new Ambient(), new FakeTimeProvider());
    }

    [Fact]
    public void Buses_that_the_board_lacks_are_refused()
    {
        Bench bench = new();

        Assert.Equal(SensorFault.BusUnavailable, Assert.Throws<SensorException>(() => bench.Buses.OpenI2c(2, 0x76)).Fault);
        using SpiDevice absent = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0));
        IOException refused = Assert.Throws<IOException>(() => absent.ReadByte());

        Assert.Equal("Error 2 (No such file or directory). Can not open SPI device file '/dev/spidev0.0'.", refused.Message);
    }

    [Fact]
    public void A_disposed_device_and_impossible_buffers_are_the_callers_mistake()
    {
        Bench bench = new();
        using I2cDevice device = bench.Open();

        Assert.Throws<ArgumentException>(() => device.Read([]));
        Assert.Throws<ArgumentException>(() => device.Write(new byte[65_536]));
        device.Dispose();

        Assert.Throws<ObjectDisposedException>(() => device.ReadByte());
    }

    [Fact]
    public async Task Transactions_of_several_threads_never_interleave()
    {
        Bench bench = new();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
        CancellationToken cancelled = TestContext.Current.CancellationToken;

        Task[] readers = [.. new byte[] { 0xD0, 0x88, 0xF7 }.Select(register => Task.Run(() => ReadMany(register), cancelled))];

        await Task.WhenAll(readers).WaitAsync(TimeSpan.FromSeconds(30), cancelled);

        void ReadMany(byte register)
        {
            using I2cDevice device = bench.Open();
            int expected = bench.Chip.Registers.Single(one => one.Address == register).Reset;
            Span<byte> value = stackalloc byte[1];
            for (int i = 0; i < 5_000; i++)
            {
                device.WriteRead([register], value);
                Assert.Equal(expected, value[0]);
            }
        }
    }
}
