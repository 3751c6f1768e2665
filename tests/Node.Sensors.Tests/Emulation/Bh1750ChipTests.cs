using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Bh1750ChipTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>Opcode, then typical and longest time in milliseconds, and the counts for 1,000 lx, at the default measurement time.</summary>
    public static TheoryData<byte, int, int, int> Measurements => new()
    {
        { 0x10, 120, 180, 1200 }, { 0x11, 120, 180, 2400 }, { 0x13, 16, 24, 1200 }, { 0x20, 120, 180, 1200 }, { 0x21, 120, 180, 2400 }, { 0x23, 16, 24, 1200 },
    };

    [Theory, MemberData(nameof(Measurements))]
    public void A_measurement_shows_at_its_tick_and_until_then_the_old_content(byte opcode, int typical, int longest, int counts)
    {
        foreach ((ConversionTime time, int milliseconds) in new[] { (ConversionTime.Typical, typical), (ConversionTime.Maximum, longest) })
        {
            foreach (int mt in new[] { 31, 69, 254 })
            {
                ChipBench<Bh1750Chip> bench = Bench(time);
                using I2cDevice device = bench.Open();
                SetMeasurementTime(device, mt);
                TimeSpan duration = TimeSpan.FromTicks(milliseconds * TimeSpan.TicksPerMillisecond * mt / 69);
                int expected = (int)Math.Round(counts * mt / 69.0) / (opcode is 0x13 or 0x23 ? 4 : 1) * (opcode is 0x13 or 0x23 ? 4 : 1);

                device.WriteByte(opcode);
                bench.Clock.Advance(duration - Tick);
                Assert.Equal(0, Read(device));
                bench.Clock.Advance(Tick);
                Assert.Equal(expected, Read(device));
                bench.Ambient.LightLux = Stimulus.Constant(0);
                bench.Clock.Advance(duration - Tick);
                Assert.Equal(expected, Read(device));
                bench.Clock.Advance(Tick);

                Assert.Equal(opcode < 0x20 ? 0 : expected, Read(device)); // a one-time measurement stays as it is
            }
        }
    }

    [Fact]
    public void At_power_on_it_is_down_with_an_empty_register_and_always_acknowledges()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();

        device.Write([]);
        bench.Pass(1_000);

        Assert.Equal(0, Read(device));
    }

    [Fact]
    public void Reset_empties_the_register_unless_the_chip_is_powered_down()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        device.WriteByte(0x20);
        bench.Pass(120);

        device.WriteByte(0x07); // after a one-time measurement the chip is down
        Assert.Equal(1200, Read(device));
        device.WriteByte(0x01);
        Assert.Equal(1200, Read(device));
        device.WriteByte(0x07);

        Assert.Equal(0, Read(device));
    }

    [Fact]
    public void Power_down_ends_a_measurement_and_keeps_register_and_measurement_time()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        SetMeasurementTime(device, 138);
        device.WriteByte(0x10);
        bench.Pass(240);
        Assert.Equal(2400, Read(device));
        bench.Ambient.LightLux = Stimulus.Constant(10);

        device.WriteByte(0x00);
        bench.Pass(10_000);
        Assert.Equal(2400, Read(device));
        device.WriteByte(0x20);
        bench.Pass(240);

        Assert.Equal(24, Read(device));
    }

    [Fact]
    public void A_running_measurement_keeps_the_time_it_began_with_and_the_next_one_takes_the_new()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        device.WriteByte(0x10);
        bench.Pass(60);

        SetMeasurementTime(device, 138);
        bench.Pass(60);
        Assert.Equal(1200, Read(device));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(240) - Tick);
        Assert.Equal(1200, Read(device));
        bench.Clock.Advance(Tick);

        Assert.Equal(2400, Read(device));
    }

    [Fact]
    public void Every_measurement_time_is_set_by_its_two_halves()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        for (int mt = 0; mt <= 255; mt++)
        {
            SetMeasurementTime(device, mt);
            device.WriteByte(0x20);
            bench.Pass(700);

            Assert.Equal((int)Math.Round(1200 * Math.Clamp(mt, 31, 254) / 69.0), Read(device));
        }
    }

    [Fact]
    public void Of_a_transaction_only_the_first_opcode_counts_and_an_unknown_one_does_nothing()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();

        device.Write([0x01, 0x20]);
        device.WriteByte(0x30);
        bench.Pass(1_000);

        Assert.Equal(0, Read(device));
    }

    [Fact]
    public void The_converter_saturates()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        foreach ((double lux, int counts) in new[] { (54_611.6, 65_534), (54_612.5, 65_535), (200_000, 65_535), (-5, 0) })
        {
            bench.Ambient.LightLux = Stimulus.Constant(lux);
            device.WriteByte(0x20);
            bench.Pass(120);

            Assert.Equal(counts, Read(device));
        }
    }

    [Fact]
    public void A_brown_out_empties_the_register_and_forgets_the_measurement_time()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        SetMeasurementTime(device, 254);
        device.WriteByte(0x10);
        bench.Pass(500);

        bench.Chip.BrownOut();
        bench.Pass(500);
        Assert.Equal(0, Read(device));
        device.WriteByte(0x20);
        bench.Pass(120);

        Assert.Equal(1200, Read(device));
    }

    [Fact]
    public void A_long_unwatched_measurement_ends_where_a_watched_one_does()
    {
        int[] last = [LastOf(looks: 1), LastOf(looks: 5000)];

        Assert.Equal(last[0], last[1]);

        static int LastOf(int looks)
        {
            ChipBench<Bh1750Chip> bench = Bench();
            bench.Ambient.LightLux = Stimulus.Sine(500, 400, TimeSpan.FromSeconds(37));
            using I2cDevice device = bench.Open();
            device.WriteByte(0x10);
            for (int look = 0; look < looks; look++)
            {
                bench.Pass(600_000.0 / looks);
                Read(device);
            }

            return Read(device);
        }
    }

    [Fact]
    public void A_real_unit_errs_within_its_tolerances_the_same_for_the_same_seed()
    {
        double[] sensitivities = [.. Enumerable.Range(0, 500).Select(static seed => Real(seed).Chip.CountsPerLux)];

        Assert.All(sensitivities, static one => Assert.InRange(one, 0.96, 1.44));
        Assert.True(sensitivities.Distinct().Count() > 490);
        Assert.Equal(1.2, Bench().Chip.CountsPerLux);
        Assert.Equal(Counts(7), Counts(7));
        Assert.NotEqual(Counts(7), Counts(8));
        Assert.All(Enumerable.Range(0, 50), static seed => Assert.InRange(Dark(seed), 0, 5));

        static ChipBench<Bh1750Chip> Real(int seed) => new(new() { Chip = "BH1750", HasTolerances = true }, seed);

        static int[] Counts(int seed) => [.. Enumerable.Range(1, 20).Select(step => Once(Real(seed), step * 50))];

        static int Dark(int seed) => Once(Real(seed), 0);

        static int Once(ChipBench<Bh1750Chip> bench, double lux)
        {
            bench.Ambient.LightLux = Stimulus.Constant(lux);
            using I2cDevice device = bench.Open();
            device.WriteByte(0x20);
            bench.Pass(120);
            return Read(device);
        }
    }

    [Fact]
    public void The_table_of_opcodes_is_the_technical_notes()
    {
        int[] codes =
        [
            0x00, 0x01, 0x07, 0x10, 0x11, 0x13, 0x20, 0x21, 0x23, .. Enumerable.Range(0x40, 8), .. Enumerable.Range(0x60, 32),
        ];

        Assert.Equal(codes, Bench().Chip.Commands.Select(static one => one.Code));
    }

    /// <summary>How the public driver of the .NET IoT bindings talks to the chip; it reads right after the command, so its first value is old.</summary>
    [Fact]
    public void A_public_driver_can_read_it_from_the_second_time_on()
    {
        ChipBench<Bh1750Chip> bench = Bench();
        using I2cDevice device = bench.Open();
        foreach (byte opcode in new byte[] { 0x01, 0x07, 0x42, 0x65 }) { device.WriteByte(opcode); }

        device.WriteByte(0x10);
        Assert.Equal(0, Read(device));
        bench.Pass(200);
        device.WriteByte(0x10);

        Assert.Equal(1200, Read(device));
    }

    private static ChipBench<Bh1750Chip> Bench(ConversionTime time = ConversionTime.Typical)
    {
        ChipBench<Bh1750Chip> bench = new(new() { Chip = "BH1750", ConversionTime = time });
        bench.Ambient.LightLux = Stimulus.Constant(1_000);
        return bench;
    }

    private static void SetMeasurementTime(I2cDevice device, int value)
    {
        device.WriteByte((byte)(0x40 | (value >> 5)));
        device.WriteByte((byte)(0x60 | (value & 0x1F)));
    }

    private static int Read(I2cDevice device)
    {
        Span<byte> data = stackalloc byte[2];
        device.Read(data);
        return (data[0] << 8) | data[1];
    }
}
