using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Scd41ChipTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The vendor's example: 500 ppm, 25.00 °C, 37.00 %.</summary>
    private static readonly byte[] Example = Convert.FromHexString("01F4336667A25EB93C");

    /// <summary>Code, time in milliseconds, words that it answers.</summary>
    public static TheoryData<int, double, int> TimedCommands => new()
    {
        { 0x3F86, 500, 0 }, { 0xE4B8, 1, 1 }, { 0x2318, 1, 1 }, { 0x2322, 1, 1 }, { 0x2313, 1, 1 }, { 0xE000, 1, 1 }, { 0x3615, 800, 0 },
        { 0x3682, 1, 3 }, { 0x3639, 10_000, 1 }, { 0x3632, 1200, 0 }, { 0x3646, 30, 0 }, { 0x202F, 1, 1 }, { 0x219D, 5000, 0 }, { 0x2196, 50, 0 },
    };

    [Theory, MemberData(nameof(TimedCommands))]
    public void A_command_has_its_time_to_the_tick_and_nothing_is_acknowledged_meanwhile(int code, double milliseconds, int words)
    {
        ChipBench<Scd41Chip> bench = Started(new() { Chip = "SCD41", ConversionTime = ConversionTime.Maximum });
        using I2cDevice device = bench.Open();

        Send(device, code);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
        Assert.Throws<IOException>(() => device.Write([]));
        Assert.Throws<IOException>(() => Send(device, 0xE4B8));
        Assert.False(TryRead(device, 3 * Math.Max(1, words), out _));
        bench.Clock.Advance(Tick);
        device.Write([]);

        Assert.Equal(words > 0, TryRead(device, 3 * Math.Max(1, words), out byte[] answer));
        Assert.True(words == 0 || SensirionWord.TryDecode(answer, out _));
        Assert.False(TryRead(device, 3, out _)); // an answer is told once
    }

    [Theory, InlineData(0x21B1, 5), InlineData(0x21AC, 30)]
    public void Periodic_measurement_is_ready_on_its_ticks_and_reading_empties_the_buffer(int code, int seconds)
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, code);

        TimeSpan passed = TimeSpan.Zero;
        for (int round = 1; round <= 3; round++)
        {
            PassUntil(TimeSpan.FromSeconds(seconds * round) - TimeSpan.FromMilliseconds(1) - Tick);
            Assert.Equal([0x80, 0x00, 0xA2], AskHere(0xE4B8, 3));
            PassUntil(TimeSpan.FromSeconds(seconds * round) - Tick);
            Send(device, 0xEC05); // one tick early
            PassUntil(TimeSpan.FromSeconds(seconds * round) + TimeSpan.FromMilliseconds(1));
            Assert.False(TryRead(device, 9, out _));
            Assert.Equal([0x80, 0x06, 0x04], AskHere(0xE4B8, 3));
            Assert.Equal([0x80, 0x06, 0x04], AskHere(0xE4B8, 3)); // asking takes nothing away
            Assert.Equal(Example, AskHere(0xEC05, 9));
            Assert.Equal([0x80, 0x00, 0xA2], AskHere(0xE4B8, 3));
            Send(device, 0xEC05);
            PassUntil(passed + TimeSpan.FromMilliseconds(1));
            Assert.False(TryRead(device, 9, out _));
        }

        void PassUntil(TimeSpan until)
        {
            bench.Clock.Advance(until - passed);
            passed = until;
        }

        byte[] AskHere(int question, int length)
        {
            passed += TimeSpan.FromMilliseconds(1);
            return Ask(bench, device, question, length);
        }
    }

    [Fact]
    public void Five_seconds_of_the_chip_cost_no_time_of_the_test()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x21B1);

        for (int sample = 0; sample < 10_000; sample++)
        {
            bench.Ambient.CarbonDioxidePpm = Stimulus.Constant(400 + sample);
            bench.Pass(5_000);
            byte[] frame = Ask(bench, device, 0xEC05, 9);
            Assert.Equal(400 + sample, Word(frame, 0));
            Assert.True(SensirionWord.TryDecode(frame, out _));
        }
    }

    [Theory]
    [InlineData(0x21B1), InlineData(0x21AC), InlineData(0x2318), InlineData(0x2322), InlineData(0x2313), InlineData(0x3615), InlineData(0x3682)]
    [InlineData(0x3639), InlineData(0x3632), InlineData(0x3646), InlineData(0x219D), InlineData(0x2196), InlineData(0x36E0), InlineData(0x202F)]
    public void While_it_measures_a_forbidden_command_is_refused_or_ignored_and_counted(int code)
    {
        foreach (bool acknowledges in new[] { false, true })
        {
            ChipBench<Scd41Chip> bench = Started();
            bench.Chip.AcknowledgesForbiddenCommands = acknowledges;
            using I2cDevice device = bench.Open();
            Send(device, 0x21B1);
            bench.Pass(5_000);

            if (acknowledges) { Send(device, code); } else { Assert.Throws<IOException>(() => Send(device, code)); }

            Assert.Equal(1, bench.Chip.ForbiddenCommands);
            Assert.False(TryRead(device, 9, out _));
            Assert.Equal(Example, Ask(bench, device, 0xEC05, 9));
        }
    }

    [Fact]
    public void While_it_measures_the_pressure_can_be_set_and_told()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x21B1);
        Assert.Equal(1013, Word(Ask(bench, device, 0xE000, 3), 0));

        device.Write([0xE0, 0x00, .. SensirionWord.Encode(850)]);
        bench.Pass(1);
        Assert.Equal(850, Word(Ask(bench, device, 0xE000, 3), 0));
        bench.Pass(5_000);

        Assert.Equal((int)Math.Round(500 * 1013.25 / 850), Word(Ask(bench, device, 0xEC05, 9), 0));
    }

    [Theory, InlineData(0x2318, 0x241D, 1498), InlineData(0x2322, 0x2427, 0), InlineData(0x2313, 0x2416, 1), InlineData(0x233F, 0x243A, 400), InlineData(0x2340, 0x2445, 44), InlineData(0x234B, 0x244E, 156)]
    public void A_setting_has_its_factory_value_takes_only_intact_words_and_needs_persisting(int get, int set, int factory)
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        byte[] write = [(byte)(set >> 8), (byte)set, .. SensirionWord.Encode(0x0123)];
        Assert.Equal(factory, Word(Ask(bench, device, get, 3), 0));

        device.Write([.. write[..4], (byte)(write[4] ^ 0x80)]);
        bench.Pass(1);
        Assert.Equal(factory, Word(Ask(bench, device, get, 3), 0));
        Set();
        Restart(bench.Chip.BrownOut);
        Assert.Equal(factory, Word(Ask(bench, device, get, 3), 0));
        Set();
        Restart(() => Send(device, 0x3646));
        Assert.Equal(factory, Word(Ask(bench, device, get, 3), 0));
        Set();
        Restart(() => Send(device, 0x3615));
        Restart(bench.Chip.BrownOut);
        Assert.Equal(0x0123, Word(Ask(bench, device, get, 3), 0));
        Restart(() => Send(device, 0x3632));

        Assert.Equal(factory, Word(Ask(bench, device, get, 3), 0));

        void Set()
        {
            device.Write(write);
            bench.Pass(1);
            Assert.Equal(0x0123, Word(Ask(bench, device, get, 3), 0));
        }

        void Restart(Action how)
        {
            how();
            bench.Pass(1_200);
        }
    }

    [Fact]
    public void A_sleeping_chip_hears_only_the_wake_up_which_nobody_acknowledges()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Assert.Throws<IOException>(() => Send(device, 0x36F6));
        device.Write([]); // awake, and none the worse for it

        Send(device, 0x36E0);
        bench.Pass(100);
        Assert.Throws<IOException>(() => device.Write([]));
        Assert.Throws<IOException>(() => Send(device, 0xE4B8));
        Assert.Throws<IOException>(() => Send(device, 0x36F6));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(20) - Tick);
        Assert.Throws<IOException>(() => device.Write([]));
        bench.Clock.Advance(Tick);

        Assert.Equal([0x14, 0x40, 0x51], Ask(bench, device, 0x202F, 3));
    }

    [Theory, InlineData(ConversionTime.Typical, 20), InlineData(ConversionTime.Maximum, 30)]
    public void While_it_starts_nothing_is_acknowledged(ConversionTime time, double milliseconds)
    {
        ChipBench<Scd41Chip> bench = new(new() { Chip = "SCD41", ConversionTime = time });
        using I2cDevice device = bench.Open();

        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
        Assert.Throws<IOException>(() => device.Write([]));
        bench.Clock.Advance(Tick);

        device.Write([]);
    }

    [Fact]
    public void A_single_shot_without_the_gas_says_so_and_the_first_with_it_is_not_to_be_trusted()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x219D);
        bench.Pass(5_000);
        Assert.InRange(Word(Ask(bench, device, 0xEC05, 9), 0), 300, 480);

        Send(device, 0x219D);
        bench.Pass(5_000);
        Assert.Equal(Example, Ask(bench, device, 0xEC05, 9));
        Send(device, 0x2196);
        bench.Pass(50);

        Assert.Equal([0x00, 0x00, 0x81, .. Example[3..]], Ask(bench, device, 0xEC05, 9));
    }

    [Fact]
    public void A_recalibration_needs_three_minutes_and_outlives_the_supply()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();

        Assert.Equal(0xFFFF, Recalibrate(TimeSpan.FromMinutes(3) - Tick));
        Assert.Equal(0x8000 - 80, Recalibrate(TimeSpan.FromMinutes(3)));
        bench.Chip.BrownOut();
        bench.Pass(30);
        Send(device, 0x21B1);
        bench.Pass(5_000);
        Assert.Equal(420, Word(Ask(bench, device, 0xEC05, 9), 0));
        Send(device, 0x3F86);
        bench.Pass(500);
        Send(device, 0x3632);
        bench.Pass(1_200);
        Send(device, 0x21B1);
        bench.Pass(5_000);

        Assert.Equal(500, Word(Ask(bench, device, 0xEC05, 9), 0));

        int Recalibrate(TimeSpan after)
        {
            Send(device, 0x21B1);
            bench.Clock.Advance(after);
            Send(device, 0x3F86);
            bench.Pass(500);
            device.Write([0x36, 0x2F, .. SensirionWord.Encode(420)]);
            bench.Pass(400);
            Assert.True(TryRead(device, 3, out byte[] answer));
            return Word(answer, 0);
        }
    }

    [Fact]
    public void A_brown_out_ends_the_rhythm_and_empties_the_buffer()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x21B1);
        bench.Pass(5_000);

        bench.Chip.BrownOut();
        bench.Pass(20_000);

        Assert.Equal([0x80, 0x00, 0xA2], Ask(bench, device, 0xE4B8, 3));
    }

    [Fact]
    public void An_unknown_command_is_refused_and_a_probe_changes_nothing()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x3682);
        bench.Pass(1);

        device.Write([]);
        device.Write([0x36]);
        Assert.True(TryRead(device, 9, out byte[] serial));
        Assert.Throws<IOException>(() => Send(device, 0x1234));
        Assert.Throws<IOException>(() => device.Write([0x24, 0x1D]));

        Assert.Equal(serial, Ask(bench, device, 0x3682, 9));
        Assert.Equal(2, bench.Chip.ForbiddenCommands);
    }

    [Fact]
    public void A_real_unit_errs_within_its_tolerances_the_same_for_the_same_seed()
    {
        int[][] units = [.. Enumerable.Range(0, 100).Select(Measure)];

        Assert.Equal(units[7], Measure(7));
        Assert.True(units.Select(static unit => unit[0]).Distinct().Count() > 20);
        Assert.All(units, static unit => Assert.InRange(unit[0], 500 - 65, 500 + 65)); // 40 ppm and 5 %
        Assert.All(units, static unit => Assert.InRange(unit[1] - 0x6667, -320, 320)); // 0.85 °C
        Assert.All(units, static unit => Assert.InRange(unit[2] - 0x5EB9, -4_200, 4_200)); // 6.4 %

        static int[] Measure(int seed)
        {
            ChipBench<Scd41Chip> bench = Started(new() { Chip = "SCD41", HasTolerances = true }, seed);
            using I2cDevice device = bench.Open();
            Send(device, 0x21B1);
            bench.Pass(5_000);
            byte[] frame = Ask(bench, device, 0xEC05, 9);
            return [Word(frame, 0), Word(frame, 3), Word(frame, 6)];
        }
    }

    [Fact]
    public void The_table_of_commands_is_the_datasheets()
    {
        IReadOnlyList<CommandDescription> commands = Started().Chip.Commands;

        int[] codes =
        [
            0x202F, 0x2196, 0x219D, 0x21AC, 0x21B1, 0x2313, 0x2318, 0x2322, 0x233F, 0x2340, 0x234B, 0x2416, 0x241D, 0x2427, 0x243A, 0x2445,
            0x244E, 0x3615, 0x362F, 0x3632, 0x3639, 0x3646, 0x3682, 0x36E0, 0x36F6, 0x3F86, 0xE000, 0xE000, 0xE4B8, 0xEC05,
        ];
        Assert.Equal(codes, commands.Select(static one => one.Code));
        Assert.Equal([0x3F86, 0xE000, 0xE000, 0xE4B8, 0xEC05], commands.Where(static one => one.WhileMeasuring).Select(static one => one.Code));
        Assert.Equal([0x2416, 0x241D, 0x2427, 0x243A, 0x2445, 0x244E, 0x362F, 0xE000], commands.Where(static one => one.ArgumentWords == 1).Select(static one => one.Code));
    }

    /// <summary>How the public driver of the .NET IoT bindings talks to the chip: stop, reinit, start, and then ready and read with one and two milliseconds between.</summary>
    [Fact]
    public void A_public_driver_can_read_it()
    {
        ChipBench<Scd41Chip> bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([0x3F, 0x86]);
        bench.Pass(500);
        device.Write([0x36, 0x46]);
        bench.Pass(20);
        device.Write([0x21, 0xB1]);
        byte[] ready = new byte[3];
        byte[] frame = new byte[9];

        do
        {
            bench.Pass(100);
            device.Write([0xE4, 0xB8]);
            bench.Pass(1);
            device.Read(ready);
        }
        while ((Word(ready, 0) & 0x7FF) == 0);
        device.Write([0xEC, 0x05]);
        bench.Pass(2);
        device.Read(frame);

        Assert.Equal(Example, frame);
    }

    private static ChipBench<Scd41Chip> Started(EmulatedChipOptions? options = null, int seed = 1)
    {
        ChipBench<Scd41Chip> bench = new(options ?? new() { Chip = "SCD41" }, seed);
        bench.Ambient.CarbonDioxidePpm = Stimulus.Constant(500);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(25.0027);
        bench.Ambient.HumidityPercent = Stimulus.Constant(37.0016);
        bench.Pass(30);
        return bench;
    }

    private static void Send(I2cDevice device, int code) => device.Write([(byte)(code >> 8), (byte)code]);

    private static byte[] Ask(ChipBench<Scd41Chip> bench, I2cDevice device, int code, int length)
    {
        byte[] bytes = new byte[length];
        Send(device, code);
        bench.Pass(1);
        device.Read(bytes);
        return bytes;
    }

    private static int Word(byte[] bytes, int at) => (bytes[at] << 8) | bytes[at + 1];

    private static bool TryRead(I2cDevice device, int length, out byte[] bytes)
    {
        bytes = new byte[length];
        try
        {
            device.Read(bytes);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
