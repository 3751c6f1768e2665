using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Bus;

public sealed class BusLoadTests
{
    [Fact]
    public void Bits_are_those_of_the_wire()
    {
        Assert.Equal(1 + 9 + 1, I2cWireTime.Bits(0, -1)); // START, address, STOP
        Assert.Equal(1 + 9 + 18 + 1, I2cWireTime.Bits(2, -1));
        Assert.Equal(1 + 9 + 54 + 1, I2cWireTime.Bits(-1, 6));
        Assert.Equal(1 + 9 + 9 + 1 + 9 + 72 + 1, I2cWireTime.Bits(1, 8)); // with a repeated START
    }

    [Fact]
    public void Each_bus_and_each_device_has_its_account()
    {
        using BoardBench bench = new("""{"chip":"BME280"},{"chip":"BH1750"},{"chip":"MCP3008"}""");
        using I2cDevice climate = bench.Buses.OpenI2c(1, 0x76);
        using I2cDevice light = bench.Buses.OpenI2c(1, 0x23);
        using I2cDevice absent = bench.Buses.OpenI2c(1, 0x50);
        using SpiDevice inputs = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { ClockFrequency = 1_000_000 });

        climate.WriteRead([0xF7], new byte[8]); // 102 bits at 100 kHz
        light.WriteByte(0x01); // 20 bits
        Assert.Throws<IOException>(() => absent.WriteByte(0)); // 11 bits until the refusal
        inputs.TransferFullDuplex(new byte[3], new byte[3]); // 24 bits at 1 MHz
        bench.Pass(900);

        Dictionary<string, BusLoad> loads = bench.Buses.Load.Read().ToDictionary(static load => $"{load.Bus} {load.Device}".Trim());
        Assert.Equal(["i2c-1", "i2c-1 0x23", "i2c-1 0x50", "i2c-1 0x76", "spi-0", "spi-0 select 0"], loads.Keys);
        Assert.Equal(133, loads["i2c-1"].Bits);
        Assert.Equal(TimeSpan.FromMilliseconds(1.33), loads["i2c-1"].Busy);
        Assert.Equal(1.33, loads["i2c-1"].MillisecondsPerSecond, 0.001); // in the one second since the board was switched on
        Assert.Equal(0.133, loads["i2c-1"].Percent, 0.001);
        Assert.Equal((3, 1), (loads["i2c-1"].Transfers, loads["i2c-1"].Failures));
        Assert.Equal(1, loads["i2c-1 0x50"].Failures);
        Assert.Equal(TimeSpan.FromMicroseconds(24), loads["spi-0"].Busy);
    }

    [Fact]
    public void The_share_is_that_of_the_last_ten_seconds()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        for (int second = 0; second < 30; second++)
        {
            for (int i = 0; i < 100; i++) { device.Write([]); } // 11 bits each: 11 ms a second
            bench.Pass(1_000);
        }

        double busy = bench.Buses.Load.Read()[0].MillisecondsPerSecond;
        bench.Pass(20_000);

        Assert.Equal(11, busy, 1.2);
        Assert.Equal(0, bench.Buses.Load.Read()[0].MillisecondsPerSecond);
    }

    [Fact]
    public void A_faster_clock_makes_the_same_bits_shorter_and_selects_count_for_the_multiplexer()
    {
        using EmulatedBoard board = new(
            new() { Chips = [new() { Chip = "TCA9548A" }, new() { Chip = "BME280", Mux = new I2cMuxChannel(0x70, 1) }] }, new Ambient(), TimeProvider.System);
        using SharedBusProvider buses = new(new EmulatedBusProvider(board), TimeProvider.System, i2cClockHertz: 400_000);
        using I2cDevice device = buses.OpenI2c(1, new I2cMuxChannel(0x70, 1), 0x76);

        device.WriteRead([0xD0], new byte[1]);

        BusLoad[] loads = [.. buses.Load.Read()];
        Assert.Equal(["", "0x70", "0x76 behind 0x70 channel 1"], loads.Select(static load => load.Device));
        Assert.Equal([59, 20, 39], loads.Select(static load => load.Bits));
        Assert.Equal(TimeSpan.FromMicroseconds(147.5), loads[0].Busy);
    }
}
