using System.Device.I2c;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Bme280ChipTests
{
    private const byte ControlHumidity = 0xF2;
    private const byte Status = 0xF3;
    private const byte ControlMeasurement = 0xF4;
    private const byte Configuration = 0xF5;
    private const byte Forced111 = 0x25;
    private const byte Normal111 = 0x27;

    private static readonly byte[] NotMeasured = [0x80, 0, 0, 0x80, 0, 0, 0x80, 0];
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The three osrs codes, then typical and longest time in milliseconds.</summary>
    public static TheoryData<int, int, int, double, double> Times => new()
    {
        { 1, 1, 1, 8.0, 9.3 },
        { 2, 5, 1, 40.0, 46.1 },
        { 5, 5, 5, 98.0, 112.8 },
        { 7, 6, 5, 98.0, 112.8 },
        { 1, 0, 0, 3.0, 3.55 },
    };

    [Theory, MemberData(nameof(Times))]
    public void A_measurement_ends_on_its_tick_and_not_before(int t, int p, int h, double typical, double longest)
    {
        foreach ((ConversionTime time, double milliseconds) in new[] { (ConversionTime.Typical, typical), (ConversionTime.Maximum, longest) })
        {
            Bench bench = Started(time);
            using I2cDevice device = bench.Open();

            device.Write([ControlHumidity, (byte)h, ControlMeasurement, (byte)((t << 5) | (p << 2) | 1)]);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
            Assert.Equal(0x08, Read(device, Status));
            Assert.Equal(1, Read(device, ControlMeasurement) & 3);
            Assert.Equal(NotMeasured, ReadData(device));

            bench.Clock.Advance(Tick);
            Assert.Equal(0x00, Read(device, Status));
            Assert.Equal(0, Read(device, ControlMeasurement) & 3);
            Assert.NotEqual(NotMeasured, ReadData(device));
        }
    }

    [Fact]
    public void The_factory_memory_is_copied_for_two_milliseconds_after_power_on_and_reset()
    {
        Bench bench = new();
        using I2cDevice device = bench.Open();

        bench.Clock.Advance(TimeSpan.FromMilliseconds(2) - Tick);
        Assert.Equal(0x01, Read(device, Status));
        Assert.Equal(0x00, Read(device, 0x88));
        bench.Clock.Advance(Tick);
        Assert.Equal(0x00, Read(device, Status));
        byte calibrated = Read(device, 0x89);
        Assert.NotEqual(0x00, calibrated);

        device.Write([0xE0, 0xB6]);
        Assert.Equal(0x01, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(0x00, Read(device, Status));
        Assert.Equal(calibrated, Read(device, 0x89));
    }

    [Fact]
    public void Only_the_reset_word_resets_and_it_ends_a_measurement()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([ControlHumidity, 1, Configuration, 0x10, ControlMeasurement, Forced111]);

        device.Write([0xE0, 0xB7]);
        Assert.Equal(0x10, Read(device, Configuration));
        device.Write([0xE0, 0xB6]);
        Assert.Equal(0x00, Read(device, Configuration));
        bench.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(NotMeasured, ReadData(device));
        Assert.Equal(0x00, Read(device, 0xE0));
    }

    [Fact]
    public void A_write_is_a_sequence_of_register_and_value_pairs()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();

        device.Write([ControlHumidity, 0x03, Configuration, 0x0C, 0xD0]);
        byte selected = device.ReadByte();

        Assert.Equal(0x03, Read(device, ControlHumidity));
        Assert.Equal(0x00, Read(device, ControlMeasurement));
        Assert.Equal(0x0C, Read(device, Configuration));
        Assert.Equal(0x60, selected);
    }

    [Fact]
    public void The_selected_register_outlives_a_stop_and_an_address_probe()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();

        device.WriteByte(0xD0);
        device.Write([]);

        Assert.Equal(0x60, device.ReadByte());
        Assert.Equal(0x60, device.ReadByte());
    }

    [Fact]
    public void Reads_run_on_and_over_the_end_of_the_addresses()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        byte[] all = new byte[512];
        device.WriteRead([0x00], all);

        Span<byte> across = stackalloc byte[256];
        device.WriteRead([0xD0], across);

        Assert.Equal(all[..256], all[256..]);
        Assert.Equal(all.AsSpan(0xD0, 256), across);
        Assert.Equal(0x60, all[0xD0]);
    }

    [Fact]
    public void Humidity_oversampling_takes_effect_with_the_next_measurement_control()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();

        device.Write([ControlMeasurement, Forced111, ControlHumidity, 1]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Equal(NotMeasured[6..], ReadData(device)[6..]);

        device.Write([ControlMeasurement, Forced111]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20));
        Assert.NotEqual(NotMeasured[6..], ReadData(device)[6..]);
    }

    [Fact]
    public void A_skipped_channel_shows_its_reset_value()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();

        Measure(bench, device, ControlHumidity, 1, ControlMeasurement, Forced111);
        Assert.DoesNotContain(NotMeasured[..3], new[] { ReadData(device)[..3] });
        Measure(bench, device, ControlHumidity, 0, ControlMeasurement, 0x21);

        byte[] data = ReadData(device);
        Assert.Equal(NotMeasured[..3], data[..3]);
        Assert.NotEqual(NotMeasured[3..6], data[3..6]);
        Assert.Equal(NotMeasured[6..], data[6..]);
    }

    [Theory, InlineData(0x25), InlineData(0x26)]
    public void Both_forced_codes_measure_once(byte control)
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        Measure(bench, device, ControlMeasurement, control);
        byte[] first = ReadData(device);

        bench.Ambient.TemperatureCelsius = Stimulus.Constant(30);
        bench.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.NotEqual(NotMeasured, first);
        Assert.Equal(first, ReadData(device));
        Assert.Equal(0x24, Read(device, ControlMeasurement));
    }

    [Theory, InlineData(0, 0.5), InlineData(1, 62.5), InlineData(2, 125), InlineData(3, 250), InlineData(4, 500), InlineData(5, 1000), InlineData(6, 10), InlineData(7, 20)]
    public void Normal_mode_measures_again_after_its_standby_time(int code, double standby)
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([Configuration, (byte)(code << 5), ControlHumidity, 1, ControlMeasurement, Normal111]);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(8));
        byte[] first = ReadData(device);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(30);
        Assert.Equal(0x00, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(standby));
        Assert.Equal(0x08, Read(device, Status));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(8) - Tick);
        Assert.Equal(first, ReadData(device));
        bench.Clock.Advance(Tick);

        Assert.NotEqual(first, ReadData(device));
        Assert.Equal(Normal111, Read(device, ControlMeasurement));
    }

    [Fact]
    public void Separate_reads_can_mix_two_measurements_and_a_burst_cannot()
    {
        Bench bench = Started();
        bench.Ambient.TemperatureCelsius = Stimulus.Ramp(0, 40, TimeSpan.FromSeconds(1));
        using I2cDevice device = bench.Open();
        device.Write([ControlMeasurement, Normal111]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(9));

        byte[] burst = ReadData(device);
        byte[] pressure = new byte[3];
        byte[] temperature = new byte[3];
        device.WriteRead([0xF7], pressure);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(9));
        device.WriteRead([0xFA], temperature);

        Assert.Equal(burst[..3], pressure);
        Assert.NotEqual(burst[3..6], temperature);
    }

    [Fact]
    public void Configuration_is_ignored_in_normal_mode()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([Configuration, 0xA0, ControlMeasurement, Normal111]);

        device.Write([Configuration, 0x10]);
        Assert.Equal(0xA0, Read(device, Configuration));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        device.Write([ControlMeasurement, 0x24, Configuration, 0x10]);

        Assert.Equal(0x10, Read(device, Configuration));
    }

    [Fact]
    public void A_mode_command_during_a_measurement_waits_for_its_end_and_a_second_one_is_lost()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([ControlHumidity, 1, ControlMeasurement, Forced111]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(4));

        device.Write([ControlMeasurement, Normal111, ControlMeasurement, 0x24]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(4));

        Assert.NotEqual(NotMeasured, ReadData(device));
        Assert.Equal(0x08, Read(device, Status));
        Assert.Equal(3, Read(device, ControlMeasurement) & 3);
    }

    [Theory, InlineData(1, 2), InlineData(2, 4), InlineData(3, 8), InlineData(4, 16), InlineData(5, 16), InlineData(6, 16), InlineData(7, 16)]
    public void The_filter_moves_temperature_and_pressure_by_its_share_of_a_step_and_humidity_at_once(int code, int coefficient)
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        (int before, int humidityBefore) = Step(20, 30);
        (int after, int humidityAfter) = Step(30, 60);
        (int target, _) = Unfiltered(30);

        double share = (after - before) / (double)(target - before);
        Assert.InRange(share, (1.0 / coefficient) - 0.001, (1.0 / coefficient) + 0.001);
        Assert.NotEqual(humidityBefore, humidityAfter);
        (_, int humidityAgain) = Step(30, 60);
        Assert.Equal(humidityAfter, humidityAgain);

        (int Temperature, int Humidity) Step(double celsius, double percent)
        {
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
            bench.Ambient.HumidityPercent = Stimulus.Constant(percent);
            Measure(bench, device, Configuration, (byte)(code << 2), ControlHumidity, 1, ControlMeasurement, 0xA1);
            return Words(ReadData(device));
        }

        (int Temperature, int Humidity) Unfiltered(double celsius)
        {
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
            Measure(bench, device, Configuration, 0, ControlMeasurement, 0xA1);
            return Words(ReadData(device));
        }
    }

    [Fact]
    public void A_long_unwatched_normal_mode_ends_where_a_watched_one_does()
    {
        int[] manners = [1, 2000];
        byte[][] last = [.. manners.Select(static looks =>
        {
            Bench bench = Started();
            bench.Ambient.TemperatureCelsius = Stimulus.Sine(20, 5, TimeSpan.FromSeconds(30));
            using I2cDevice device = bench.Open();
            device.Write([Configuration, 0x10, ControlHumidity, 1, ControlMeasurement, Normal111]);
            for (int look = 0; look < looks; look++)
            {
                bench.Clock.Advance(TimeSpan.FromMilliseconds(20_000) / looks);
                Read(device, Status);
            }

            return ReadData(device);
        })];

        Assert.Equal(last[0], last[1]);
    }

    [Theory, InlineData(1, 16), InlineData(2, 8), InlineData(3, 4), InlineData(4, 2), InlineData(5, 1)]
    public void Without_filter_the_resolution_follows_the_oversampling(int code, int step)
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();
        HashSet<int> rests = [];
        for (int i = 0; i < 50; i++)
        {
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(20 + (i * 0.0123));
            Measure(bench, device, ControlMeasurement, (byte)((code << 5) | 1));
            rests.Add(Words(ReadData(device)).Temperature % (step * 2));
        }

        Assert.Equal([0, step], rests.Order());
    }

    [Fact]
    public void The_same_seed_is_the_same_unit_and_another_seed_another()
    {
        Assert.Equal(Calibration(new Bench(5)), Calibration(new Bench(5)));
        Assert.NotEqual(Calibration(new Bench(5)), Calibration(new Bench(6)));

        static byte[] Calibration(Bench bench)
        {
            bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
            using I2cDevice device = bench.Open();
            byte[] words = new byte[26];
            device.WriteRead([0x88], words);
            return words;
        }
    }

    [Fact]
    public void No_unit_has_a_calibration_word_of_zero_and_H5_has_both_signs()
    {
        Bme280Nvm[] units = [.. Enumerable.Range(0, 1000).Select(Bme280Nvm.Draw)];

        Assert.All(units, static unit =>
        {
            int[] words =
            [
                unit.T1, unit.T2, unit.T3, unit.P1, unit.P2, unit.P3, unit.P4, unit.P5, unit.P6, unit.P7, unit.P8, unit.P9,
                unit.H1, unit.H2, unit.H3, unit.H4, unit.H5, unit.H6,
            ];
            Assert.DoesNotContain(0, words);
        });
        Assert.Contains(units, static unit => unit.H5 < 0);
        Assert.Contains(units, static unit => unit.H5 > 0);
    }

    [Theory, InlineData(-50, 5), InlineData(-2048, 5), InlineData(50, 5), InlineData(2047, 5)]
    public async Task A_driver_that_lost_the_sign_of_H5_would_be_wrong(int h5, double celsius)
    {
        Bench bench = new();
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
        bench.Ambient.HumidityPercent = Stimulus.Constant(55);
        Bme280Chip chip = new(new EmulatedSurroundings(bench.Ambient, bench.Clock), Bme280Nvm.Draw(1) with { H5 = h5 }, ConversionTime.Typical);
        bench.Bus.Detach(0x76);
        bench.Bus.Attach(0x76, chip);
        using Bme280 sensor = bench.OpenSensor();

        SensorReading reading = await bench.Run(sensor.MeasureAsync(TestContext.Current.CancellationToken));

        Assert.InRange(reading["humidity"], 54.98, 55.02);
    }

    [Fact]
    public void Without_supply_nothing_is_acknowledged()
    {
        Bench bench = Started();
        using I2cDevice device = bench.Open();

        bench.Chip.IsPowered = false;
        Assert.Throws<IOException>(() => device.WriteByte(0xD0));
        Assert.Throws<IOException>(() => device.ReadByte());
        bench.Chip.IsPowered = true;

        Assert.Equal(0x01, Read(device, Status));
    }

    private static Bench Started(ConversionTime time = ConversionTime.Typical)
    {
        Bench bench = new(conversionTime: time);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
        return bench;
    }

    private static void Measure(Bench bench, I2cDevice device, params byte[] pairs)
    {
        device.Write(pairs);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(120));
    }

    private static byte Read(I2cDevice device, byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    private static byte[] ReadData(I2cDevice device)
    {
        byte[] data = new byte[8];
        device.WriteRead([0xF7], data);
        return data;
    }

    private static (int Temperature, int Humidity) Words(byte[] data) =>
        ((data[3] << 12) | (data[4] << 4) | (data[5] >> 4), (data[6] << 8) | data[7]);
}
