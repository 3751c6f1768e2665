using System.Buffers.Binary;
using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>
/// The chips asked in the ways of other people's drivers: pointer, STOP, read; repeated START; register by register; regmap bursts; busy
/// polling. What dotnet/iot, the kernel's drivers of SCD4x, SHT3x and TMP102, Sensirion's C driver of the SCD4x, and Adafruit's libraries for SHT31,
/// MPU-6050 and ADXL345 do was read in their sources; the other patterns are from general knowledge. The sequences are written down here as
/// transactions.
/// </summary>
public sealed class StrangersPatternsTests
{
    [Fact]
    public void Bme280_pointer_and_read_in_two_transactions_with_read_modify_write_of_the_control_register()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);

        Assert.Equal(0x60, Single(device, 0xD0));
        byte[] words = new byte[24];
        for (byte i = 0; i < 24; i++) { words[i] = Single(device, (byte)(0x88 + i)); }

        device.Write([0xF4, (byte)((Single(device, 0xF4) & 0b1110_0011) | (1 << 2))]);
        device.Write([0xF4, (byte)((Single(device, 0xF4) & 0b0001_1111) | (1 << 5))]);
        device.Write([0xF2, (byte)((Single(device, 0xF2) & 0xF8) | 1)]);
        device.Write([0xF4, (byte)((Single(device, 0xF4) & 0xFC) | 1)]);
        Assert.Equal(0x08, Single(device, 0xF3) & 0x08);
        bench.Pass(10);
        Assert.Equal(0x00, Single(device, 0xF3) & 0x08);
        byte[] temperature = new byte[3];
        device.WriteByte(0xFA);
        device.Read(temperature);

        int raw = (temperature[0] << 12) | (temperature[1] << 4) | (temperature[2] >> 4);
        Assert.Equal(21, Celsius(raw, words), 0.01);
    }

    /// <summary>As at least one popular driver reads H4 and H5: without their sign.</summary>
    [Fact]
    public void Bme280_of_the_first_seed_is_read_right_even_by_a_driver_that_loses_the_sign_of_its_humidity_words()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);

        byte[] words = Burst(device, 0xE1, 7);

        Assert.Equal(0, words[3] & 0x80);
        Assert.Equal(0, words[5] & 0x80);
    }

    [Fact]
    public void Bme280_bulk_reads_of_a_register_map_and_normal_mode()
    {
        using BoardBench bench = new("""{"chip":"BME280"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x76);
        device.Write([0xE0, 0xB6]);
        bench.Pass(2);
        byte[] words = Burst(device, 0x88, 24);
        Burst(device, 0xA1, 1);
        Burst(device, 0xE1, 7);
        device.Write([0xF2, 0x05]);
        device.Write([0xF4, 0xB7]); // osrs_t x16, osrs_p x16, normal
        device.Write([0xF5, 0x00]);
        bench.Pass(200);

        byte[] data = Burst(device, 0xF7, 8);

        Assert.Equal(21, Celsius((data[3] << 12) | (data[4] << 4) | (data[5] >> 4), words), 0.01);
        Assert.Equal(0xB7, Single(device, 0xF4));
    }

    [Fact]
    public void Sht31_break_soft_reset_and_one_shot_and_a_stretching_read_after_a_fixed_sleep()
    {
        using BoardBench bench = new("""{"chip":"SHT31","conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x44);
        device.Write([0x30, 0x93]);
        bench.Pass(1);
        device.Write([0x30, 0xA2]);
        bench.Pass(1.5);
        device.Write([0x24, 0x00]);
        bench.Pass(15.5);
        byte[] first = Plain(device, 6);
        device.Write([0x2C, 0x06]);
        bench.Pass(20);
        byte[] second = Plain(device, 6);

        Assert.Equal(first, second);
        Assert.Equal(21, -45 + (175.0 * BinaryPrimitives.ReadUInt16BigEndian(first) / 65_535), 0.01);
    }

    [Fact]
    public void Sht31_periodic_fetch_is_refused_until_there_is_something_and_may_be_a_repeated_start()
    {
        using BoardBench bench = new("""{"chip":"SHT31"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x44);
        device.Write([0x27, 0x37]);
        bench.Pass(5);
        Assert.Throws<IOException>(() => device.WriteRead([0xE0, 0x00], new byte[6]));
        bench.Pass(100);
        byte[] frame = new byte[6];

        device.WriteRead([0xE0, 0x00], frame);

        Assert.True(SensirionWord.TryDecode(frame, out _));
    }

    [Fact]
    public void Bh1750_two_halves_of_the_measurement_time_then_one_shot()
    {
        using BoardBench bench = new("""{"chip":"BH1750","conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x23);
        device.WriteByte(0x01);
        device.WriteByte(0x07);
        device.WriteByte(0x40 | (138 >> 5));
        device.WriteByte(0x60 | (138 & 0x1F));
        device.WriteByte(0x20);
        bench.Pass(361);

        Assert.Equal(300, BinaryPrimitives.ReadUInt16BigEndian(Plain(device, 2)) / 1.2 * 69 / 138, 1);
    }

    [Fact]
    public void Ads1115_config_polled_bit_by_bit_then_the_pointer_set_back()
    {
        using BoardBench bench = new("""{"chip":"ADS1115"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x48);
        device.Write([0x01, 0b1100_0011, 0b1000_0011]); // AIN0 against ground, 4.096 V, single shot, 128/s
        int polls = 0;
        byte[] config = new byte[2];
        do
        {
            bench.Pass(1);
            device.WriteByte(0x01);
            device.Read(config);
            Assert.True(++polls < 20);
        }
        while ((config[0] & 0x80) == 0);

        device.WriteByte(0x00);
        Assert.Equal(0.25, BinaryPrimitives.ReadInt16BigEndian(Plain(device, 2)) * 4.096 / 32_768, 0.0002);
        Assert.Equal(8, polls);
    }

    [Fact]
    public void Mpu6050_reset_wait_wake_and_a_fifo_drained_in_one_burst()
    {
        using BoardBench bench = new("""{"chip":"MPU-6050","conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x68);
        device.Write([0x6B, 0x80]);
        bench.Pass(100);
        device.Write([0x6B, 0x01]);
        Assert.Equal(0x68, Single(device, 0x75));
        device.Write([0x1A, 0x03, 0x08, 0x08]); // CONFIG, GYRO_CONFIG, ACCEL_CONFIG: writes run on
        device.Write([0x6A, 0x04]);
        device.Write([0x23, 0x08]);
        device.Write([0x6A, 0x40]);
        bench.Pass(10.5);
        byte[] count = Burst(device, 0x72, 2);
        int bytes = BinaryPrimitives.ReadUInt16BigEndian(count);

        byte[] samples = Burst(device, 0x74, bytes);

        Assert.InRange(bytes, 54, 66);
        Assert.Equal(0, bytes % 6);
        for (int i = 0; i < bytes; i += 6) { Assert.Equal(1, BinaryPrimitives.ReadInt16BigEndian(samples.AsSpan(i + 4)) / 8_192.0, 0.001); }
    }

    [Fact]
    public void Scd41_stop_and_reinit_before_anything_then_data_ready_polled()
    {
        using BoardBench bench = new("""{"chip":"SCD41"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x62);
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        device.Write([0x36, 0x46]);
        bench.Pass(20);
        device.Write([0x21, 0xB1]);
        int polls = 0;
        byte[] ready;
        do
        {
            bench.Pass(200);
            device.Write([0xE4, 0xB8]);
            bench.Pass(1);
            ready = Plain(device, 3);
            Assert.True(++polls < 40);
        }
        while (((ready[0] & 7) | ready[1]) == 0);

        device.Write([0xEC, 0x05]);
        bench.Pass(2);
        byte[] frame = Plain(device, 9);
        Assert.True(SensirionWord.TryDecode(frame, out int[] words));
        Assert.Equal(600, words[0]);
        Assert.Equal(25, polls);
    }

    /// <summary>The kernel's driver sends a command and reads at once; around settings it stops, waits 500 ms and starts again without a pause.</summary>
    [Fact]
    public void Scd41_as_the_kernel_asks_it_without_any_pause_between_command_and_answer()
    {
        using BoardBench bench = new("""{"chip":"SCD41"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x62);
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        device.Write([0x21, 0xB1]);
        byte[] ready = [];
        for (int tries = 6; tries > 0 && ((ready = Ask(0xE4, 0xB8, 3))[0] & 7 | ready[1]) == 0; tries--) { bench.Pass(1_000); }

        Assert.NotEqual(0, (ready[0] & 7) | ready[1]);
        Assert.True(SensirionWord.TryDecode(Ask(0xEC, 0x05, 9), out int[] words));
        Assert.Equal(600, words[0]);
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        Assert.Equal([0x05, 0xDA], Ask(0x23, 0x18, 3)[..2]);
        device.Write([0x24, 0x16, .. SensirionWord.Encode(0)]);
        device.Write([0x21, 0xB1]);
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        Assert.Equal([0x00, 0x00], Ask(0x23, 0x13, 3)[..2]);

        byte[] Ask(byte high, byte low, int length)
        {
            device.Write([high, low]);
            return Plain(device, length);
        }
    }

    /// <summary>Sensirion's own C driver, command by command with its waits.</summary>
    [Fact]
    public void Scd41_as_the_vendors_driver_goes_through_its_commands()
    {
        using BoardBench bench = new("""{"chip":"SCD41","conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x62);
        Assert.Throws<IOException>(() => device.Write([0x36, 0xF6])); // wake up is never acknowledged
        bench.Pass(30);
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        device.Write([0x36, 0x46]);
        bench.Pass(30);
        (byte High, byte Low, int Milliseconds, int Words)[] questions =
        [
            (0x36, 0x82, 1, 3), (0x20, 0x2F, 1, 1), (0x23, 0x18, 1, 1), (0x23, 0x22, 1, 1), (0xE0, 0x00, 1, 1), (0x23, 0x13, 1, 1), (0x23, 0x3F, 1, 1),
            (0x23, 0x40, 1, 1), (0x23, 0x4B, 1, 1), (0xE4, 0xB8, 1, 1), (0x36, 0x39, 10_000, 1), (0x36, 0x15, 800, 0), (0x36, 0x32, 1_200, 0), (0x21, 0x96, 50, 0),
            (0xEC, 0x05, 1, 3), (0x21, 0x9D, 5_000, 0), (0xEC, 0x05, 1, 3), (0x36, 0xE0, 1, 0),
        ];
        foreach ((byte high, byte low, int milliseconds, int words) in questions)
        {
            device.Write([high, low]);
            bench.Pass(milliseconds);
            if (words > 0) { Assert.True(SensirionWord.TryDecode(Plain(device, 3 * words), out _)); }
        }

        Assert.Throws<IOException>(() => device.Write([0x36, 0x82])); // asleep now
    }

    /// <summary>The kernel's driver breaks and begins another rhythm without a pause, fetches without one, and reads six bytes of a limit's three.</summary>
    [Fact]
    public void Sht31_as_the_kernel_changes_its_rhythm_and_reads_its_limits()
    {
        using BoardBench bench = new("""{"chip":"SHT31"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x44);
        device.Write([0x30, 0x41]);
        device.Write([0xE1, 0x1F]);
        Assert.Equal([0xCD, 0x33, 0xFD], Plain(device, 6)[..3]);
        device.Write([0x61, 0x1D, .. SensirionWord.Encode(0xB533)]);
        device.Write([0x21, 0x30]);
        bench.Pass(1_100);
        device.Write([0xE0, 0x00]);
        Assert.True(SensirionWord.TryDecode(Plain(device, 6), out _));
        device.Write([0x30, 0x93]);
        device.Write([0x27, 0x37]);
        bench.Pass(150);
        device.Write([0xE0, 0x00]);
        Assert.True(SensirionWord.TryDecode(Plain(device, 6), out int[] words));
        device.Write([0xF3, 0x2D]);

        Assert.Equal(21, -45 + (175.0 * words[0] / 65_535), 0.01);
        Assert.Equal([0x00, 0x00], Plain(device, 3)[..2]);
    }

    /// <summary>Adafruit's library fetches 48 bytes and takes as many measurements out of them as have right checksums.</summary>
    [Fact]
    public void Sht31_fetched_with_room_for_eight_measurements_gives_one_and_then_ones()
    {
        using BoardBench bench = new("""{"chip":"SHT31"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x44);
        device.Write([0x23, 0x34]);
        bench.Pass(300);
        device.Write([0xE0, 0x00]);
        bench.Pass(1);

        byte[] many = Plain(device, 48);

        Assert.True(SensirionWord.TryDecode(many.AsSpan(0, 6), out _));
        Assert.False(SensirionWord.TryDecode(many.AsSpan(6, 6), out _));
    }

    /// <summary>Adafruit's library sets the reset bit by reading and writing, polls it, and then waits twice 100 ms before each change of a few bits.</summary>
    [Fact]
    public void Mpu6050_reset_polled_bit_by_bit_and_settings_by_read_modify_write()
    {
        using BoardBench bench = new("""{"chip":"MPU-6050","conversionTime":"maximum"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x68);
        Assert.Equal(0x68, Single(device, 0x75));
        device.Write([0x6B, (byte)(Single(device, 0x6B) | 0x80)]);
        int polls = 0;
        while ((Burst(device, 0x6B, 1)[0] & 0x80) != 0)
        {
            bench.Pass(1);
            Assert.True(++polls <= 100);
        }

        bench.Pass(200);
        Modify(0x1B, 0x18, 0x08);
        Modify(0x6B, 0x07, 0x01);
        bench.Pass(100);
        Modify(0x6B, 0x40, 0x00);
        bench.Pass(60);

        Assert.Equal(16_384, BinaryPrimitives.ReadInt16BigEndian(Burst(device, 0x3B, 6).AsSpan(4)));
        Assert.Equal(21, (BinaryPrimitives.ReadInt16BigEndian(Burst(device, 0x41, 2)) / 340.0) + 36.53, 0.01);

        void Modify(byte register, int mask, int bits) => device.Write([register, (byte)((Single(device, register) & ~mask) | bits)]);
    }

    /// <summary>The kernel's driver sets extended mode, comparator latching and two conversions a second, reads that back, and wants 13 bits from then on.</summary>
    [Fact]
    public void Tmp102_as_the_kernel_sets_it_up()
    {
        using BoardBench bench = new("""{"chip":"TMP102"}""");
        using I2cDevice device = bench.Buses.OpenI2c(1, 0x48);
        Assert.Equal([0x60, 0xA0], Burst(device, 0x01, 2));
        device.Write([0x01, 0x02, 0x90]);
        byte[] kept = Burst(device, 0x01, 2);
        Assert.Equal(0x0290, ((kept[0] << 8) | kept[1]) & ~0x6020);
        bench.Pass(300);

        Assert.Equal(21_000, (BinaryPrimitives.ReadInt16BigEndian(Burst(device, 0x00, 2)) & ~1) * 1000 / 128);
    }

    [Theory]
    [InlineData(0x01, 0xA0, 0x00, 0)] // start bit at the end of the first byte, the result right-justified
    [InlineData(0x06, 0x80, 0x00, 2)] // two clocks earlier, so that the result comes two earlier
    public void Mcp3008_with_the_start_bit_wherever_a_driver_puts_it(byte first, byte second, byte third, int shift)
    {
        using BoardBench bench = new("""{"chip":"MCP3008"}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { ClockFrequency = 1_000_000 });

        byte[] answer = SpiBench.Exchange(device, first, second, third);

        Assert.Equal(232, (((answer[1] << 8) | answer[2]) >> shift) & 0x3FF); // input 2: 0.75 V of 3.3 V
    }

    [Fact]
    public void Adxl345_with_the_burst_bit_on_single_reads_too_and_with_it_missing_on_a_burst()
    {
        using BoardBench bench = new("""{"chip":"ADXL345"}""");
        using SpiDevice device = bench.Buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode3, ClockFrequency = 5_000_000 });
        Assert.Equal(0xE5, SpiBench.Exchange(device, 0xC0, 0)[1]);
        device.Write([0x31, 0x0B]);
        device.Write([0x2D, 0x08]);
        bench.Pass(20);

        byte[] data = SpiBench.Exchange(device, 0xF2, 0, 0, 0, 0, 0, 0);
        byte[] stuck = SpiBench.Exchange(device, 0xB2, 0, 0);

        Assert.Equal(256, BinaryPrimitives.ReadInt16LittleEndian(data.AsSpan(5)));
        Assert.Equal(stuck[1], stuck[2]);
    }

    [Fact]
    public void A_scan_by_reading_and_by_writing_nothing_leaves_chips_as_they_are()
    {
        using BoardBench bench = new("""{"chip":"BME280"},{"chip":"SHT31"},{"chip":"BH1750"},{"chip":"ADS1115"},{"chip":"MPU-6050"},{"chip":"SCD41"},{"chip":"TCA9548A"}""");
        byte[] before = Registers(bench);

        List<int> found = [];
        for (int address = 0x03; address <= 0x77; address++)
        {
            using I2cDevice device = bench.Buses.OpenI2c(1, address);
            try
            {
                device.Write([]);
                found.Add(address);
                device.ReadByte();
            }
            catch (IOException)
            {
                continue; // nobody there, or a command chip that has nothing to tell
            }
        }

        Assert.Equal([0x23, 0x44, 0x48, 0x62, 0x68, 0x70, 0x76], found);
        Assert.Equal(before, Registers(bench));
    }

    private static byte[] Registers(BoardBench bench)
    {
        using I2cDevice climate = bench.Buses.OpenI2c(1, 0x76);
        using I2cDevice motion = bench.Buses.OpenI2c(1, 0x68);
        return [.. Burst(climate, 0, 256), .. Burst(motion, 0x0D, 0x67)];
    }

    /// <summary>Pointer, STOP, read.</summary>
    private static byte Single(I2cDevice device, byte register)
    {
        device.WriteByte(register);
        return device.ReadByte();
    }

    private static byte[] Burst(I2cDevice device, byte register, int length)
    {
        byte[] read = new byte[length];
        device.WriteRead([register], read);
        return read;
    }

    private static byte[] Plain(I2cDevice device, int length)
    {
        byte[] read = new byte[length];
        device.Read(read);
        return read;
    }

    /// <summary>The double-precision formula of the datasheet's appendix 8.1, written out here.</summary>
    private static double Celsius(int raw, byte[] words)
    {
        double t1 = BinaryPrimitives.ReadUInt16LittleEndian(words);
        double t2 = BinaryPrimitives.ReadInt16LittleEndian(words.AsSpan(2));
        double t3 = BinaryPrimitives.ReadInt16LittleEndian(words.AsSpan(4));
        double first = ((raw / 16_384.0) - (t1 / 1_024.0)) * t2;
        double second = Math.Pow((raw / 131_072.0) - (t1 / 8_192.0), 2) * t3;
        return (first + second) / 5_120.0;
    }
}
