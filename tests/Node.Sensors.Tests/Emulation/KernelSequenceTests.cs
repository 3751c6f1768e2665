using System.Buffers.Binary;
using System.Device.Gpio;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>
/// The chips asked as Linux's own drivers do (drivers/iio: ti-ads1015, bh1750, bmp280, inv_mpu6050, adxl345, mcp320x), read in their sources
/// and written down here as transactions with their waits; the ADXL345's FIFO and events and the BME280's reset by what is known of newer versions. Those of SCD4x, SHT3x and TMP102 stand in
/// <see cref="StrangersPatternsTests"/>.
/// </summary>
public sealed class KernelSequenceTests
{
    /// <summary>Continuous mode, then multiplexer, range and rate by read and write, then the old and the new conversion's time and a tenth more.</summary>
    [Fact]
    public void Ads1115_one_channel_after_the_other_in_continuous_mode()
    {
        using BoardBench bench = new("""{"chip":"ADS1115"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x48);
        Update(device, 0x01, 0x0100, 0x0000);
        double[] volts = [0.25, 0.5, 0.75, 1.0];
        for (int input = 0; input < 4; input++)
        {
            Update(device, 0x01, 0x7EE0, ((4 + input) << 12) | (2 << 9) | (4 << 5)); // against ground, 2.048 V, 128/s
            bench.Pass((7.813 + 7.813) * 1.1);

            Assert.Equal(volts[input], (short)Word(device, 0x00) * 2.048 / 32_768, 0.0001);
        }

        Update(device, 0x01, 0x0100, 0x0100);
        Assert.Equal(0x0100, Word(device, 0x01) & 0x0100);
    }

    /// <summary>A window comparator: thresholds, then the queue in the configuration; the handler reads the result to let go of a latched output.</summary>
    [Fact]
    public void Ads1115_threshold_event_on_its_interrupt_line()
    {
        using BoardBench bench = new("""{"chip":"ADS1115","interruptPin":17}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x48);
        Put(device, 0x02, 0x0400);
        Put(device, 0x03, 0x2000); // 0.512 V
        Update(device, 0x01, 0x0100, 0x0000);
        Update(device, 0x01, 0x7EF7, (4 << 12) | (2 << 9) | (4 << 5) | 0x0010 | 0x0004); // input 0, window, latching, after one
        using GpioController gpio = bench.Buses.OpenGpio();
        gpio.OpenPin(17, PinMode.InputPullUp);
        bench.Pass(20);
        Word(device, 0x00);
        bench.Pass(20);
        Assert.True(bench.Board.Gpio.IsHigh(17));

        bench.Board.Ambient.InputVolts[0] = Stimulus.Constant(0.6);
        bench.Pass(20);

        Assert.False(bench.Board.Gpio.IsHigh(17));
        Assert.Equal(0.6, (short)Word(device, 0x00) * 2.048 / 32_768, 0.0001);
        Assert.True(bench.Board.Gpio.IsHigh(17));
    }

    /// <summary>The measurement time is changed while the chip is powered down; a one-shot is read after 1.74 ms for each count and 15 ms more.</summary>
    [Theory, InlineData(69), InlineData(31), InlineData(254)]
    public void Bh1750_integration_time_and_one_shot(int counts)
    {
        using BoardBench bench = new("""{"chip":"BH1750"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x23);
        device.WriteByte(0x00);
        device.WriteByte((byte)(0x40 | (counts >> 5)));
        device.WriteByte((byte)(0x60 | (counts & 0x1F)));
        device.WriteByte(0x20);
        bench.Pass((1.74 * counts) + 15);
        byte[] result = new byte[2];
        device.Read(result);

        Assert.Equal(300, BinaryPrimitives.ReadUInt16BigEndian(result) * 57.5 / counts, 1.0);
    }

    /// <summary>
    /// Reset and a look at the status 2 ms later; humidity before the rest; filter in normal mode; temperature, pressure and humidity each on
    /// their own, with the integer formulas over words read one group at a time.
    /// </summary>
    [Fact]
    public void Bme280_normal_mode_with_each_quantity_read_on_its_own()
    {
        using BoardBench bench = new("""{"chip":"BME280","conversionTime":"maximum"}""", seed: 5);
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        Assert.Equal(0x60, Bytes(device, 0xD0, 1)[0]);
        device.Write([0xE0, 0xB6]);
        bench.Pass(2);
        Assert.Equal(0, Bytes(device, 0xF3, 1)[0] & 1);
        device.Write([0xF2, (byte)((Bytes(device, 0xF2, 1)[0] & 0xF8) | 5)]);
        device.Write([0xF4, (byte)((2 << 5) | (5 << 2) | 3)]);
        device.Write([0xF5, (byte)((Bytes(device, 0xF5, 1)[0] & 0xE3) | (2 << 2))]);
        bench.Pass(2_000);

        byte[] raw = Bytes(device, 0xFA, 3);
        byte[] words = Bytes(device, 0x88, 6);
        int sample = (raw[0] << 12) | (raw[1] << 4) | (raw[2] >> 4);
        int first = BinaryPrimitives.ReadUInt16LittleEndian(words);
        int half = (((sample >> 3) - (first << 1)) * BinaryPrimitives.ReadInt16LittleEndian(words.AsSpan(2))) >> 11;
        int square = (((((sample >> 4) - first) * ((sample >> 4) - first)) >> 12) * BinaryPrimitives.ReadInt16LittleEndian(words.AsSpan(4))) >> 14;
        int fine = half + square;
        Assert.Equal(2_100, ((fine * 5) + 128) >> 8, 1.0);
        Assert.Equal(45.0, Humidity(device, fine), 0.02);
    }

    /// <summary>
    /// Reset, clock, divider 19, filter 4; then the FIFO emptied while everything is off, data ready enabled, and the FIFO's sources last. The
    /// handler reads status, count and one sample at a time.
    /// </summary>
    [Fact]
    public void Mpu6050_buffer_filled_by_the_data_ready_interrupt()
    {
        using BoardBench bench = new("""{"chip":"MPU-6050","interruptPin":17,"conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x68);
        device.Write([0x6B, 0x80]);
        bench.Pass(100);
        device.Write([0x6B, 0x01]);
        bench.Pass(5);
        device.Write([0x6C, 0x3F]); // both engines in standby
        device.Write([0x1B, 0x18]);
        device.Write([0x1A, 0x04]);
        device.Write([0x19, 19]);
        device.Write([0x1C, 0x00]);
        device.Write([0x37, 0x00]);
        device.Write([0x6C, 0x00]);
        bench.Pass(100);
        device.Write([0x38, 0x00]);
        device.Write([0x23, 0x00]);
        device.Write([0x6A, 0x04]);
        device.Write([0x38, 0x01]);
        device.Write([0x6A, 0x40]);
        device.Write([0x23, 0x78]);
        int samples = 0;
        bench.Board.Gpio.EdgeOccurred += (_, edge) => samples += edge is { Pin: 17, IsRising: true } ? 1 : 0;
        for (int sample = 1; sample <= 50; sample++)
        {
            while (samples < sample) { bench.Pass(0.02); }

            Assert.Equal(0x01, Bytes(device, 0x3A, 1)[0] & 0x01);
            Assert.Equal(12, BinaryPrimitives.ReadUInt16BigEndian(Bytes(device, 0x72, 2)));
            Assert.Equal(16_384, BinaryPrimitives.ReadInt16BigEndian(Bytes(device, 0x74, 12).AsSpan(4)));
        }
    }

    /// <summary>
    /// Full resolution at 2 g; stream mode with a watermark of 15 set in standby; the handler reads INT_SOURCE, how many entries wait and
    /// each sample in one burst. Reads carry both the read and the burst bit.
    /// </summary>
    [Fact]
    public void Adxl345_fifo_by_its_watermark_interrupt()
    {
        using BoardBench bench = new("""{"chip":"ADXL345","interruptPin":17}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode3, ClockFrequency = 5_000_000 });
        Assert.Equal(0xE5, Read(device, 0x00, 1)[0]);
        device.Write([0x31, 0x08]);
        device.Write([0x2C, 0x0B]);
        device.Write([0x2D, 0x00]);
        device.Write([0x38, 0x8F]);
        device.Write([0x2F, 0x00]);
        device.Write([0x2E, 0x03]);
        device.Write([0x2D, 0x08]);
        int taken = 0;
        for (int handled = 0; handled < 20; handled++)
        {
            while (!bench.Board.Gpio.IsHigh(17)) { bench.Pass(1); }

            Assert.Equal(0x02, Read(device, 0x30, 1)[0] & 0x03);
            int entries = Read(device, 0x39, 1)[0] & 0x3F;
            Assert.InRange(entries, 15, 16);
            for (int i = 0; i < entries; i++, taken++) { Assert.Equal(256, BinaryPrimitives.ReadInt16LittleEndian(Read(device, 0x32, 6).AsSpan(4))); }

            Assert.False(bench.Board.Gpio.IsHigh(17));
        }

        Assert.Equal(taken / 200.0 * 1_000, bench.Clock.GetUtcNow().Subtract(bench.Clock.Start).TotalMilliseconds - 100, 15.0);
    }

    /// <summary>Single tap on z and free fall, both enabled while the chip stands by; a read of the source tells them apart and forgets.</summary>
    [Fact]
    public void Adxl345_events_by_its_interrupt_source()
    {
        using BoardBench bench = new("""{"chip":"ADXL345"}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode3, ClockFrequency = 5_000_000 });
        device.Write([0x31, 0x08]);
        device.Write([0x2C, 0x0D]);
        device.Write([0x1D, 0x18]); // 1.5 g
        device.Write([0x21, 0x20]); // 20 ms
        device.Write([0x28, 0x07]); // 437.5 mg
        device.Write([0x29, 0x14]); // 100 ms
        device.Write([0x2A, 0x01]);
        device.Write([0x2E, 0x44]);
        device.Write([0x2D, 0x08]);
        bench.Pass(50);
        Assert.Equal(0, Read(device, 0x30, 1)[0] & 0x44);

        TimeSpan knock = bench.Board.Elapsed;
        TimeSpan ends = knock + TimeSpan.FromMilliseconds(10);
        bench.Board.Ambient.AccelerationZG = Stimulus.Step(1.0, 1.9, knock).Plus(Stimulus.Step(0, -0.9, ends));
        bench.Pass(60);
        Assert.Equal(0x40, Read(device, 0x30, 1)[0] & 0x44);
        Assert.Equal(0x01, Read(device, 0x2B, 1)[0] & 0x07);
        bench.Board.Ambient.AccelerationZG = Stimulus.Constant(0.1);
        bench.Pass(120);

        Assert.Equal(0x04, Read(device, 0x30, 1)[0] & 0x44);
        Assert.Equal(0x00, Read(device, 0x30, 1)[0] & 0x40);
    }

    /// <summary>One byte with start bit and selection, and the ten bits in the two that follow, all under one chip select.</summary>
    [Fact]
    public void Mcp3008_start_bit_and_selection_in_one_byte()
    {
        using BoardBench bench = new("""{"chip":"MCP3008"}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { ClockFrequency = 1_000_000 });
        for (int input = 0; input < 8; input++)
        {
            byte[] answer = SpiBench.Exchange(device, (byte)(0x60 | (input << 2)), 0, 0);

            Assert.Equal(Math.Floor(0.25 * (input + 1) * 1024 / 3.3), (answer[1] << 2) | (answer[2] >> 6));
        }
    }

    private static byte[] Read(SpiDevice device, byte register, int length) =>
        SpiBench.Exchange(device, [(byte)(0xC0 | register), .. new byte[length]])[1..];

    private static byte[] Bytes(I2cDevice device, byte register, int length)
    {
        byte[] read = new byte[length];
        device.WriteRead([register], read);
        return read;
    }

    private static int Word(I2cDevice device, byte register) => BinaryPrimitives.ReadUInt16BigEndian(Bytes(device, register, 2));

    private static void Put(I2cDevice device, byte register, int word) => device.Write([register, (byte)(word >> 8), (byte)word]);

    private static void Update(I2cDevice device, byte register, int mask, int bits) => Put(device, register, (Word(device, register) & ~mask) | bits);

    /// <summary>The 32-bit formula of the BME280's datasheet, appendix 8.2, written out here.</summary>
    private static double Humidity(I2cDevice device, int fine)
    {
        byte[] raw = Bytes(device, 0xFD, 2);
        int h1 = Bytes(device, 0xA1, 1)[0];
        byte[] words = Bytes(device, 0xE1, 7);
        int h4 = (sbyte)words[3] * 16 | (words[4] & 0x0F);
        int h5 = ((sbyte)words[5] * 16) | (words[4] >> 4);
        int k = fine - 76_800;
        int m = (((((raw[0] << 8) | raw[1]) << 14) - (h4 << 20) - (h5 * k)) + 16_384) >> 15;
        int n = (((((k * (sbyte)words[6]) >> 10) * (((k * words[2]) >> 11) + 32_768)) >> 10) + 2_097_152);
        int r = m * (((n * BinaryPrimitives.ReadInt16LittleEndian(words)) + 8_192) >> 14);
        r -= ((((r >> 15) * (r >> 15)) >> 7) * h1) >> 4;
        return (Math.Clamp(r, 0, 419_430_400) >> 12) / 1024.0;
    }
}
