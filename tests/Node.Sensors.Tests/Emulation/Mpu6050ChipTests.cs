using System.Buffers.Binary;
using System.Device.I2c;
using Node.Sensors.Emulation;
using static Node.Sensors.Tests.Emulation.Mpu6050Probe;

namespace Node.Sensors.Tests.Emulation;

public sealed class Mpu6050ChipTests
{
    [Fact]
    public void Asleep_after_power_on_it_takes_no_samples_and_later_keeps_the_last()
    {
        Bench bench = Chip(out I2cDevice device);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(new short[7], ReadData(device));

        device.Write([Power, 0x01]);
        bench.Clock.Advance(StartUp);
        short[] awake = ReadData(device);
        Assert.Equal(16384, awake[2]);
        device.Write([Power, 0x41]);
        bench.Ambient.AccelerationZG = Stimulus.Constant(-1);
        bench.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(awake, ReadData(device));
    }

    [Theory]
    [InlineData(0, 0, 125)]
    [InlineData(0, 7, 1_000)]
    [InlineData(1, 0, 1_000)]
    [InlineData(1, 9, 10_000)]
    [InlineData(6, 255, 256_000)]
    [InlineData(7, 1, 250)]
    public void A_sample_is_taken_on_its_tick_and_not_before(int filter, int divider, double microseconds)
    {
        Bench bench = Chip(out I2cDevice device);
        device.Write([Divider, (byte)divider, (byte)filter]);
        device.Write([InterruptEnable, 0x01]);
        device.Write([Power, 0x01]);

        for (int sample = 0; sample < 3; sample++)
        {
            bench.Clock.Advance(TimeSpan.FromMicroseconds(microseconds) - Tick);
            Assert.Equal(0x00, Read(device, Status));
            bench.Clock.Advance(Tick);
            Assert.Equal(0x01, Read(device, Status));
            Assert.Equal(0x00, Read(device, Status)); // reading clears
        }
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Each_range_has_its_scale_and_clips_at_both_ends(int code)
    {
        Bench bench = Awake(out I2cDevice device);
        device.Write([0x1B, (byte)(code << 3), (byte)(code << 3)]);
        double gyroscope = new[] { 131, 65.5, 32.8, 16.4 }[code];
        bench.Ambient.AccelerationXG = Stimulus.Constant(1.5);
        bench.Ambient.AccelerationYG = Stimulus.Constant(-99);
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(100);
        bench.Ambient.AngularRateYDegreesPerSecond = Stimulus.Constant(-200);
        bench.Ambient.AngularRateZDegreesPerSecond = Stimulus.Constant(9999);
        bench.Clock.Advance(StartUp);

        short[] words = ReadData(device);

        Assert.Equal([(short)(24576 >> code), short.MinValue, (short)(16384 >> code)], words[..3]);
        Assert.Equal([(short)Math.Round(100 * gyroscope), (short)Math.Round(-200 * gyroscope), short.MaxValue], words[4..]);
    }

    [Theory, InlineData(25.0, -3920), InlineData(36.53, 0), InlineData(-40.0, -26020), InlineData(85.0, 16480)]
    public void The_temperature_word_is_the_datasheets(double celsius, int expected)
    {
        Bench bench = Awake(out I2cDevice device);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        bench.Clock.Advance(StartUp);

        Assert.Equal(expected, ReadData(device)[3]);
    }

    [Theory, InlineData(1, 2.0, 1.9), InlineData(3, 4.9, 4.8), InlineData(6, 19.0, 18.6)]
    public void The_filter_delays_what_is_seen(int filter, double accelerometer, double gyroscope)
    {
        Bench bench = Chip(out I2cDevice device);
        bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(1));
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Ramp(0, 100, TimeSpan.FromSeconds(1));
        device.Write([Divider, 0, (byte)filter]);
        device.Write([Power, 0x01]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(500));

        short[] words = ReadData(device);

        Assert.Equal(16.384 * (500 - accelerometer), words[0], 0.6);
        Assert.Equal(13.1 * (500 - gyroscope), words[4], 0.6);
    }

    [Theory, InlineData(ConversionTime.Typical, 30), InlineData(ConversionTime.Maximum, 36)]
    public void The_gyroscope_comes_up_slowly_and_the_accelerometer_at_once(ConversionTime time, int milliseconds)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050", ConversionTime = time });
        using I2cDevice device = bench.Open();
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(100);
        device.Write([Divider, 0, 1]);
        device.Write([Power, 0x01]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds - 1));
        Assert.InRange(ReadData(device)[4], 1, 13_099);
        Assert.Equal(16384, ReadData(device)[2]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(13_100, ReadData(device)[4]);
    }

    [Theory, InlineData(ConversionTime.Typical, 20), InlineData(ConversionTime.Maximum, 100)]
    public void A_reset_shows_its_bit_until_it_is_over_and_loses_writes(ConversionTime time, int milliseconds)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050", ConversionTime = time });
        using I2cDevice device = bench.Open();
        device.Write([Power, 0x01]);

        device.Write([Power, 0x80]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
        device.Write([Power, 0x01]);
        Assert.Equal(0xC0, Read(device, Power));
        bench.Clock.Advance(Tick);

        Assert.Equal(0x40, Read(device, Power));
    }

    [Fact]
    public void A_burst_shows_one_sample_and_single_reads_can_mix_two()
    {
        Bench bench = Awake(out I2cDevice device);
        bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(1));
        bench.Ambient.AccelerationYG = Stimulus.Ramp(0, 1, TimeSpan.FromSeconds(1));
        bench.Clock.Advance(StartUp);

        short[] burst = ReadData(device);
        byte[] one = new byte[2];
        bench.Clock.Advance(StartUp);
        device.WriteRead([Data + 2], one);

        Assert.Equal(burst[0], burst[1]);
        Assert.NotEqual(burst[0], BinaryPrimitives.ReadInt16BigEndian(one));
    }

    [Fact]
    public void Axes_in_standby_and_a_disabled_thermometer_keep_their_last_value()
    {
        Bench bench = Awake(out I2cDevice device);
        device.Write([Power, 0x09, 0b00_010_100]); // thermometer, accelerometer Y and gyroscope X off
        (bench.Ambient.AccelerationXG, bench.Ambient.AccelerationYG) = (Stimulus.Constant(0.5), Stimulus.Constant(0.5));
        (bench.Ambient.AngularRateXDegreesPerSecond, bench.Ambient.AngularRateYDegreesPerSecond) = (Stimulus.Constant(10), Stimulus.Constant(10));
        short[] before = ReadData(device);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(80);
        bench.Clock.Advance(StartUp);

        Assert.Equal([8192, 0, 16384, before[3], 0, 1310, 0], ReadData(device));
    }

    [Theory, InlineData(0, 800), InlineData(1, 200), InlineData(2, 50), InlineData(3, 25)]
    public void Cycling_samples_the_accelerometer_at_the_wake_up_rate(int code, int milliseconds)
    {
        Bench bench = Chip(out I2cDevice device);
        bench.Ambient.AngularRateXDegreesPerSecond = Stimulus.Constant(10);
        device.Write([Power, 0x28, (byte)((code << 6) | 0x07)]);
        device.Write([Power, 0x28]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
        Assert.Equal(0, ReadData(device)[2]);
        bench.Clock.Advance(Tick);

        Assert.Equal([0, 0, 16384, 0, 0, 0, 0], ReadData(device));
    }

    [Fact]
    public void Self_test_adds_what_the_trims_say_within_the_limit_and_gyroscope_Y_answers_the_other_way_round()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            Bench bench = Awake(out I2cDevice device, seed);
            device.Write([0x1B, 0x00, 0x10]);
            bench.Clock.Advance(StartUp);
            short[] without = ReadData(device);
            device.Write([0x1B, 0xE0, 0xF0]);
            bench.Clock.Advance(StartUp);
            short[] with = ReadData(device);
            byte[] trims = new byte[4];
            device.WriteRead([0x0D], trims);

            int xa = ((trims[0] & 0xE0) >> 3) | ((trims[3] & 0x30) >> 4);
            int zg = trims[2] & 0x1F;
            Assert.InRange((with[0] - without[0]) / (4096 * 0.34 * Math.Pow(0.92 / 0.34, (xa - 1) / 30.0)), 0.9, 1.1);
            Assert.InRange((with[6] - without[6]) / (25 * 131 * Math.Pow(1.046, zg - 1)), 0.9, 1.1);
            Assert.True(with[5] < without[5]);
            device.Write([0x1B, 0x80, 0x10]);
            bench.Clock.Advance(StartUp);
            Assert.Equal([without[0], with[4], without[5]], new[] { ReadData(device)[0], ReadData(device)[4], ReadData(device)[5] });
        }
    }

    [Fact]
    public void The_same_seed_is_the_same_unit_and_another_seed_another()
    {
        short[] ideal = Sample(5, imperfect: false);

        Assert.Equal([0, 0, 16384, 0, 0, 0], ideal.Where(static (_, word) => word != 3));
        Assert.Equal(Sample(5, imperfect: true), Sample(5, imperfect: true));
        Assert.NotEqual(Sample(5, imperfect: true), Sample(6, imperfect: true));
        Assert.InRange(Sample(5, imperfect: true)[2], 16384 * 0.97 - (0.15 * 16384), 16384 * 1.03 + (0.15 * 16384));
        Assert.NotEqual(Trims(5), Trims(6));

        static short[] Sample(int seed, bool imperfect)
        {
            Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050", HasTolerances = imperfect }, seed);
            using I2cDevice device = bench.Open();
            device.Write([Power, 0x01]);
            bench.Clock.Advance(StartUp);
            return ReadData(device);
        }

        static byte[] Trims(int seed)
        {
            using I2cDevice device = new Bench(new EmulatedChipOptions { Chip = "MPU-6050" }, seed).Open();
            byte[] trims = new byte[4];
            device.WriteRead([0x0D], trims);
            return trims;
        }
    }

    [Fact]
    public void Noise_grows_with_the_bandwidth()
    {
        Assert.InRange(Spread(filter: 6), 1.0, 40.0);
        Assert.InRange(Spread(filter: 1), 2.5 * Spread(filter: 6), 12 * Spread(filter: 6));

        static double Spread(int filter)
        {
            Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050", HasTolerances = true }, seed: 2);
            using I2cDevice device = bench.Open();
            device.Write([Divider, 9, (byte)filter]);
            device.Write([Power, 0x01]);
            bench.Clock.Advance(StartUp);
            double[] x = [.. Enumerable.Range(0, 400).Select(_ =>
            {
                bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
                return (double)ReadData(device)[0];
            })];
            return Math.Sqrt(x.Select(one => (one - x.Average()) * (one - x.Average())).Average());
        }
    }

    [Fact]
    public void Pointer_then_stop_then_read_and_single_byte_writes_work_as_public_drivers_do_it()
    {
        Bench bench = Chip(out I2cDevice device);
        byte[] one = new byte[1];
        byte[] six = new byte[6];

        device.WriteByte(0x75);
        device.Read(one);
        Assert.Equal(0x68, one[0]);
        foreach (byte power in new byte[] { 0x00, 0x40, 0x01 }) // awake, asleep, awake again
        {
            device.Write([Power, power]);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        }

        device.WriteByte(0x1C);
        device.Read(one);
        device.Write([0x1C, (byte)((one[0] & 0xE7) | 0x10)]);
        device.Write([Configuration, 0x01]);
        device.Write([Divider, 0x01]);
        device.Write([InterruptPin, 0x22]);
        device.Write([InterruptEnable, 0x01]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(100));
        device.WriteByte(0x3B);
        device.Read(six);

        Assert.Equal(Convert.FromHexString("000000001000"), six);
        device.Read(six);
        Assert.Equal(Convert.FromHexString("000000001000"), six); // the register stays selected
    }

    [Fact]
    public void Without_supply_nothing_is_acknowledged()
    {
        Bench bench = Awake(out I2cDevice device);

        bench.Chip.IsPowered = false;
        Assert.Throws<IOException>(() => device.WriteByte(0x75));
        bench.Chip.IsPowered = true;

        Assert.Equal(0x40, Read(device, Power));
    }
}
