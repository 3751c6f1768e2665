using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Ads1115ChipTests
{
    private const int Pin = 17;
    private const byte Conversion = 0;
    private const byte Config = 1;
    private const byte Low = 2;
    private const byte High = 3;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The rate's code, then typical and longest time in microseconds with the way out of power-down.</summary>
    public static TheoryData<int, double, double> Times => new()
    {
        { 0, 125_025, 137_530 },
        { 4, 7_837.5, 8_623.7 },
        { 5, 4_025, 4_430 },
        { 7, 1_187.7, 1_309.0 },
    };

    [Theory, MemberData(nameof(Times))]
    public void A_conversion_ends_on_its_tick_and_not_before(int rate, double typical, double longest)
    {
        foreach ((ConversionTime time, double microseconds) in new[] { (ConversionTime.Typical, typical), (ConversionTime.Maximum, longest) })
        {
            Bench bench = new(new EmulatedChipOptions { Chip = "ADS1115", ConversionTime = time });
            using I2cDevice device = bench.Open();

            Write(device, Config, (ushort)(0xC303 | (rate << 5)));
            bench.Clock.Advance(TimeSpan.FromMicroseconds(microseconds) - Tick);
            Assert.Equal(0x4303 | (rate << 5), Read(device, Config));
            Assert.Equal(0x0000, Read(device, Conversion));

            bench.Clock.Advance(Tick);
            Assert.Equal(0xC303 | (rate << 5), Read(device, Config));
            Assert.Equal(2000, Read(device, Conversion));
        }
    }

    [Theory]
    [InlineData(0, -4000)]
    [InlineData(1, -12000)]
    [InlineData(2, -8000)]
    [InlineData(3, -4000)]
    [InlineData(4, 4000)]
    [InlineData(5, 8000)]
    [InlineData(6, 12000)]
    [InlineData(7, 16000)]
    public void Each_multiplexer_code_connects_its_inputs(int code, int expected)
    {
        Bench bench = Started(out I2cDevice device);

        Assert.Equal(expected, Convert(bench, device, (ushort)(0x8503 | (code << 12)))); // ±2.048 V, 62.5 µV a code
    }

    [Theory]
    [InlineData(0, 1067)]
    [InlineData(1, 1600)]
    [InlineData(2, 3200)]
    [InlineData(3, 6400)]
    [InlineData(4, 12800)]
    [InlineData(5, 25600)]
    [InlineData(6, 25600)]
    [InlineData(7, 25600)]
    public void Each_gain_code_has_its_full_scale(int code, int expected)
    {
        Bench bench = Started(out I2cDevice device);
        bench.Ambient.InputVolts[0] = Stimulus.Constant(0.2);

        Assert.Equal(expected, Convert(bench, device, (ushort)(0xC103 | (code << 9))));
    }

    [Theory]
    [InlineData(2.5, 0xC583, 0x7FFF)]
    [InlineData(-0.2, 0xCB83, 0x8000 + 7168)]
    [InlineData(-5.0, 0xCB83, 0x8000)]
    [InlineData(9.0, 0xC183, 19200)] // the diodes hold an input at 3.6 V, so the largest range never fills
    [InlineData(-0.0125, 0xC583, 0x10000 - 200)]
    public void Codes_are_twos_complement_and_clip_at_both_ends(double volts, int config, int expected)
    {
        Bench bench = Started(out I2cDevice device);
        bench.Ambient.InputVolts[0] = Stimulus.Constant(volts);

        Assert.Equal((short)expected, Convert(bench, device, (ushort)config));
    }

    [Fact]
    public void The_converter_averages_over_the_whole_conversion()
    {
        Bench bench = Started(out I2cDevice device);
        bench.Ambient.InputVolts[0] = Stimulus.Sine(1.0, 0.5, TimeSpan.FromMilliseconds(20)); // hum of 50 Hz

        Assert.InRange(Convert(bench, device, 0xC503), 15_999 - 1280, 16_001 + 1280); // 8 a second: 6¼ periods, one quarter left over
        Assert.InRange(Convert(bench, device, 0xC5E3), 14_400, 14_570); // 860 a second: a short piece of the falling half
    }

    [Fact]
    public void A_start_during_a_conversion_has_no_effect_and_the_conversion_keeps_its_input()
    {
        Bench bench = Started(out I2cDevice device);

        Write(device, Config, 0xC383);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(5));
        Write(device, Config, 0xD383);
        bench.Clock.Advance(TimeSpan.FromMicroseconds(2_837.5));

        Assert.Equal(0xD383, Read(device, Config)); // already idle: nothing was begun
        Assert.Equal(2000, Read(device, Conversion));
    }

    [Fact]
    public void In_continuous_mode_new_settings_show_after_the_running_conversion()
    {
        Bench bench = Started(out I2cDevice device);
        Write(device, Config, 0x4283);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(10));
        Assert.Equal(2000, Read(device, Conversion));

        Write(device, Config, 0x5283);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(5.65) - Tick);
        bench.Ambient.InputVolts[0] = Stimulus.Constant(2.0);
        bench.Clock.Advance(Tick);
        Assert.Equal(16000, Read(device, Conversion)); // begun with input 0, sampled when looked at
        bench.Clock.Advance(TimeSpan.FromMilliseconds(7.8125) - Tick);
        Assert.Equal(16000, Read(device, Conversion));
        bench.Clock.Advance(Tick);

        Assert.Equal(4000, Read(device, Conversion));
        Assert.Equal(0x5283, Read(device, Config)); // the status bit never reads 1
    }

    [Fact]
    public void Leaving_continuous_mode_lets_the_running_conversion_finish()
    {
        Bench bench = Started(out I2cDevice device);
        Write(device, Config, 0x4283);

        Write(device, Config, 0x4383);
        Assert.Equal(0x4383, Read(device, Config));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(8));

        Assert.Equal(0xC383, Read(device, Config));
        Assert.Equal(2000, Read(device, Conversion));
    }

    [Fact]
    public void A_year_of_unseen_conversions_ends_with_the_world_as_it_is()
    {
        Bench bench = Started(out I2cDevice device);
        Write(device, Config, 0x42E3);
        bench.Clock.Advance(TimeSpan.FromDays(365));
        bench.Ambient.InputVolts[0] = Stimulus.Constant(1.5);

        Assert.Equal(12000, Read(device, Conversion));
    }

    [Fact]
    public void Pointer_then_stop_then_read_works_as_public_drivers_do_it()
    {
        Bench bench = Started(out I2cDevice device);
        byte[] two = new byte[2];

        device.Write([0x01, 0xC3, 0x83]); // start, wait by reading Config with a repeated START, then select and read in two transactions
        device.WriteRead([0x01], two);
        Assert.Equal([0x43, 0x83], two);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(8));
        device.WriteRead([0x01], two);
        Assert.Equal([0xC3, 0x83], two);
        device.WriteByte(0x00);
        device.Read(two);
        Assert.Equal([0x07, 0xD0], two);
        device.Write([]);
        byte[] four = new byte[4];
        device.Read(four);

        Assert.Equal([0x07, 0xD0, 0x07, 0xD0], four);
    }

    [Fact]
    public void The_ready_line_is_released_by_a_start_and_falls_at_the_end_of_a_single_conversion()
    {
        Bench bench = Wired(out I2cDevice device, out List<PinEdge> edges);
        MakeReadyLine(device);
        Write(device, Config, 0x4380); // pin on, idle
        Assert.False(bench.Board.Gpio.IsHigh(Pin));

        Write(device, Config, 0xC380);
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        bench.Clock.Advance(TimeSpan.FromMicroseconds(7_837.5) - Tick);
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        bench.Clock.Advance(Tick); // nobody asks the chip

        Assert.False(bench.Board.Gpio.IsHigh(Pin));
        Assert.Equal([false, true, false], edges.Select(static edge => edge.IsRising));
    }

    [Fact]
    public void The_ready_line_gives_one_short_pulse_for_each_continuous_conversion()
    {
        Bench bench = Wired(out I2cDevice device, out List<PinEdge> edges);
        MakeReadyLine(device);
        Write(device, Config, 0x4280);
        edges.Clear();

        for (int step = 0; step < 8_000; step++) { bench.Clock.Advance(TimeSpan.FromMicroseconds(10)); }

        Assert.Equal(10, edges.Count(static edge => !edge.IsRising));
        Assert.Equal(10, edges.Count(static edge => edge.IsRising));
        Assert.All(edges.Chunk(2), static pulse => Assert.InRange((pulse[1].At - pulse[0].At).TotalMicroseconds, 8, 18));
    }

    [Theory, InlineData(0x4260, 1), InlineData(0x4261, 2), InlineData(0x4262, 4)]
    public void The_comparator_asserts_after_one_two_or_four_conversions_and_releases_below_the_low_threshold(int config, int needed)
    {
        Bench bench = Wired(out I2cDevice device, out _);
        Watch(bench, device, (ushort)config);
        Assert.True(After(bench, 1.2, conversions: 8));

        Assert.Equal(needed == 1, !After(bench, 1.6, conversions: 1));
        Assert.False(After(bench, 1.6, conversions: needed - 1));
        Assert.False(After(bench, 1.2, conversions: 8));
        Assert.True(After(bench, 0.9, conversions: 1));
    }

    [Fact]
    public void The_window_comparator_asserts_on_both_sides()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        Watch(bench, device, 0x4270);

        Assert.False(After(bench, 1.6, conversions: 2));
        Assert.True(After(bench, 1.2, conversions: 1));
        Assert.False(After(bench, 0.9, conversions: 1));
    }

    [Fact]
    public void A_latched_alert_stays_until_the_conversion_is_read_and_comes_back_while_the_voltage_is_beyond()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        Watch(bench, device, 0x4264);
        Assert.False(After(bench, 1.6, conversions: 1));
        Assert.False(After(bench, 0.5, conversions: 3));

        Read(device, Config);
        Assert.False(bench.Board.Gpio.IsHigh(Pin));
        Read(device, Conversion);
        Assert.True(bench.Board.Gpio.IsHigh(Pin));

        Assert.False(After(bench, 1.6, conversions: 1));
        Read(device, Conversion);
        Assert.False(After(bench, 1.6, conversions: 1));
    }

    [Fact]
    public void Active_high_pulls_the_line_low_until_it_is_asserted_and_a_disabled_pin_or_lost_supply_lets_go()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        Watch(bench, device, 0x4268);
        Assert.False(bench.Board.Gpio.IsHigh(Pin));
        Assert.True(After(bench, 1.6, conversions: 1));
        Assert.False(After(bench, 0.9, conversions: 1));

        bench.Chip.IsPowered = false;
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        bench.Chip.IsPowered = true;
        Assert.True(bench.Board.Gpio.IsHigh(Pin)); // disabled at power-on
    }

    [Fact]
    public void A_listener_may_use_the_bus_while_it_is_told_of_an_edge()
    {
        Bench bench = Wired(out I2cDevice device, out _);
        List<int> codes = [];
        bench.Board.Gpio.EdgeOccurred += (_, edge) =>
        {
            if (!edge.IsRising) { codes.Add(Read(device, Conversion)); }
        };
        MakeReadyLine(device);
        Write(device, Config, 0x4280);
        codes.Clear();

        bench.Clock.Advance(TimeSpan.FromMilliseconds(8));

        Assert.Equal([2000], codes);
    }

    [Fact]
    public void The_same_seed_has_the_same_errors_and_they_stay_within_the_datasheets()
    {
        int[] first = Codes(seed: 3, imperfect: true);

        Assert.Equal(first, Codes(seed: 3, imperfect: true));
        Assert.NotEqual(first, Codes(seed: 4, imperfect: true));
        Assert.NotEqual(first, Codes(seed: 3, imperfect: false));
        Assert.True(first.Distinct().Count() > 1);
        Assert.All(first, static code => Assert.InRange(code, 16_000 - 28, 16_000 + 28)); // 0.15 %, 3 codes and 1 code

        static int[] Codes(int seed, bool imperfect)
        {
            Bench bench = new(new EmulatedChipOptions { Chip = "ADS1115", HasTolerances = imperfect }, seed);
            bench.Ambient.InputVolts[0] = Stimulus.Constant(1.0);
            using I2cDevice device = bench.Open();
            return [.. Enumerable.Range(0, 50).Select(_ => (int)Convert(bench, device, 0xC583))];
        }
    }

    private static Bench Started(out I2cDevice device)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "ADS1115" });
        device = bench.Open();
        return bench;
    }

    /// <summary>A chip whose ALERT/RDY goes to a pin with a pull-up, as an open drain needs.</summary>
    private static Bench Wired(out I2cDevice device, out List<PinEdge> edges)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "ADS1115", InterruptPin = Pin });
        bench.Buses.OpenGpio().OpenPin(Pin, PinMode.InputPullUp);
        List<PinEdge> seen = edges = [];
        bench.Board.Gpio.EdgeOccurred += (_, edge) => seen.Add(edge);
        device = bench.Open();
        Assert.True(bench.Board.Gpio.IsHigh(Pin));
        return bench;
    }

    private static void MakeReadyLine(I2cDevice device)
    {
        Write(device, Low, 0x0000);
        Write(device, High, 0x8000);
    }

    /// <summary>Compares with 1.0 and 1.5 V from now on, and lets the way out of power-down pass.</summary>
    private static void Watch(Bench bench, I2cDevice device, ushort config)
    {
        Write(device, Low, 8_000);
        Write(device, High, 12_000);
        Write(device, Config, config);
        bench.Clock.Advance(TimeSpan.FromMicroseconds(25));
    }

    /// <summary>Whether the pin is high after that many conversions of a voltage, at 64 a second.</summary>
    private static bool After(Bench bench, double volts, int conversions)
    {
        bench.Ambient.InputVolts[0] = Stimulus.Constant(volts);
        for (int done = 0; done < conversions; done++) { bench.Clock.Advance(TimeSpan.FromMilliseconds(15.625)); }

        return bench.Board.Gpio.IsHigh(Pin);
    }

    private static short Convert(Bench bench, I2cDevice device, ushort config)
    {
        Write(device, Config, config);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(130));
        return (short)Read(device, Conversion);
    }

    private static void Write(I2cDevice device, byte register, ushort word) => device.Write([register, (byte)(word >> 8), (byte)word]);

    private static int Read(I2cDevice device, byte register)
    {
        byte[] word = new byte[2];
        device.WriteRead([register], word);
        return (word[0] << 8) | word[1];
    }
}
