using System.Buffers.Binary;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The emulated ADXL345 on its other bus, asked as Adafruit's library and the kernel's driver ask it.</summary>
public sealed class Adxl345OnI2cTests
{
    [Theory, InlineData(0x53), InlineData(0x1D)]
    public void It_is_found_at_either_address_and_measures(int address)
    {
        using BoardBench bench = new($$"""{"chip":"ADXL345","address":"0x{{address:X2}}"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, address);
        device.Write([0x2D, 0x08]);
        device.Write([0x2E, 0x00]);
        bench.Pass(20);

        Assert.Equal(0xE5, Burst(device, 0x00, 1)[0]);
        Assert.Equal(256, BinaryPrimitives.ReadInt16LittleEndian(Burst(device, 0x32, 6).AsSpan(4)));
        Assert.Empty(bench.Board.SpiBuses);
    }

    [Fact]
    public void The_register_outlives_a_stop_and_both_directions_run_on()
    {
        using BoardBench bench = new("""{"chip":"ADXL345","bus":1}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x53);
        device.Write([0x1E, 0x01, 0xFF, 0x02]);
        device.WriteByte(0x1E);
        byte[] offsets = new byte[3];

        device.Read(offsets);

        Assert.Equal([0x01, 0xFF, 0x02], offsets);
    }

    [Fact]
    public void A_burst_over_the_data_takes_one_level_of_the_fifo()
    {
        using BoardBench bench = new("""{"chip":"ADXL345","bus":1,"address":"0x53"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x53);
        device.Write([0x38, 0x90]); // stream, 16 samples
        device.Write([0x2D, 0x08]);
        bench.Pass(201.2);
        Assert.Equal(20, Burst(device, 0x39, 1)[0]);

        Burst(device, 0x32, 6);

        Assert.Equal(19, Burst(device, 0x39, 1)[0]);
        Assert.Equal(0x83, Burst(device, 0x30, 1)[0] | 0x01);
    }

    [Fact]
    public void A_tap_is_latched_until_its_source_is_read()
    {
        using BoardBench bench = new("""{"chip":"ADXL345","bus":1}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x53);
        device.Write([0x2D, 0x08]);
        device.Write([0x2A, 0x07]);
        device.Write([0x1D, 20]);
        device.Write([0x21, 50]);
        device.Write([0x2E, 0x40]);
        bench.Board.Ambient.AccelerationXG = Stimulus.Step(0, 2, TimeSpan.FromMilliseconds(200)).Plus(Stimulus.Step(0, -2, TimeSpan.FromMilliseconds(220)));
        bench.Pass(150);

        Assert.Equal(0x40, Burst(device, 0x30, 1)[0] & 0x40);
        Assert.Equal(0x00, Burst(device, 0x30, 1)[0] & 0x40);
    }

    [Fact]
    public void Faults_of_I2C_can_befall_it_there()
    {
        using BoardBench bench = new("""{"chip":"ADXL345","bus":1}""", """{"kind":"noAcknowledge","chip":"adxl345","at":"1s"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x53);
        Assert.Equal(0xE5, Burst(device, 0x00, 1)[0]);

        bench.Pass(1_000);

        Assert.Throws<IOException>(() => Burst(device, 0x00, 1));
    }

    [Fact]
    public void A_board_file_with_both_buses_or_a_foreign_address_names_the_field()
    {
        BoardFileException both = Assert.Throws<BoardFileException>(() => new BoardBench("""{"chip":"ADXL345","address":"0x53","spi":0}"""));
        BoardFileException foreign = Assert.Throws<BoardFileException>(() => new BoardBench("""{"chip":"ADXL345","address":"0x54"}"""));

        Assert.Contains("is on I2C", Assert.Single(both.Faults), StringComparison.Ordinal);
        Assert.Contains("\"0x53\", \"0x1D\"", Assert.Single(foreign.Faults), StringComparison.Ordinal);
    }

    private static byte[] Burst(I2cDevice device, byte register, int length)
    {
        byte[] read = new byte[length];
        device.WriteRead([register], read);
        return read;
    }
}
