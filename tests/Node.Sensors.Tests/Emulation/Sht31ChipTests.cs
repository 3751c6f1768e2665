using System.Device.Gpio;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Sht31ChipTests
{
    private const int AlertPin = 17;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly byte[] Example = [0x66, 0x66, 0x93, 0x80, 0x00, 0xA2];

    /// <summary>Code, typical and longest time in milliseconds.</summary>
    public static TheoryData<int, double, double> SingleShots => new()
    {
        { 0x2400, 12.5, 15.5 }, { 0x240B, 4.5, 6.5 }, { 0x2416, 2.5, 4.5 },
    };

    /// <summary>Code, typical time of a measurement and period in milliseconds.</summary>
    public static TheoryData<int, double, double> Periodics => new()
    {
        { 0x2032, 12.5, 2000 }, { 0x2024, 4.5, 2000 }, { 0x202F, 2.5, 2000 },
        { 0x2130, 12.5, 1000 }, { 0x2126, 4.5, 1000 }, { 0x212D, 2.5, 1000 },
        { 0x2236, 12.5, 500 }, { 0x2220, 4.5, 500 }, { 0x222B, 2.5, 500 },
        { 0x2334, 12.5, 250 }, { 0x2322, 4.5, 250 }, { 0x2329, 2.5, 250 },
        { 0x2737, 12.5, 100 }, { 0x2721, 4.5, 100 }, { 0x272A, 2.5, 100 },
        { 0x2B32, 12.5, 250 },
    };

    [Theory, MemberData(nameof(SingleShots))]
    public void A_single_shot_is_refused_until_its_tick_and_can_be_read_once(int code, double typical, double longest)
    {
        foreach ((ConversionTime time, double milliseconds) in new[] { (ConversionTime.Typical, typical), (ConversionTime.Maximum, longest) })
        {
            ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", ConversionTime = time });
            using I2cDevice device = bench.Open();

            Send(device, code);
            Assert.False(Acknowledges(device, out _));
            bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
            Assert.False(Acknowledges(device, out _));
            bench.Clock.Advance(Tick);

            Assert.True(Acknowledges(device, out byte[] frame));
            Assert.Equal(Example, frame);
            Assert.False(Acknowledges(device, out _));
        }
    }

    [Theory, InlineData(0x2C06), InlineData(0x2C0D), InlineData(0x2C10)]
    public void A_stretched_single_shot_answers_a_read_at_any_time(int code)
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        byte[] frame = new byte[6];

        device.WriteRead([(byte)(code >> 8), (byte)code], frame);

        Assert.Equal(Example, frame);
    }

    [Theory, MemberData(nameof(Periodics))]
    public void Periodic_mode_measures_on_its_ticks_and_a_fetch_empties_the_buffer(int code, double first, double period)
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, code);

        bench.Clock.Advance(TimeSpan.FromMilliseconds(first) - Tick);
        Assert.False(Fetch(device, out _));
        bench.Clock.Advance(Tick);
        Assert.True(Fetch(device, out byte[] frame));
        Assert.Equal(Example, frame);
        Assert.False(Fetch(device, out _));
        bench.Clock.Advance(TimeSpan.FromMilliseconds(period) - Tick);
        Assert.False(Fetch(device, out _));
        bench.Clock.Advance(Tick);

        Assert.True(Fetch(device, out _));
    }

    [Fact]
    public void An_unfetched_measurement_gives_way_to_the_next()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x2737);
        bench.Pass(20);

        bench.Ambient.TemperatureCelsius = Stimulus.Constant(130);
        bench.Pass(100);

        Assert.True(Fetch(device, out byte[] frame));
        Assert.Equal([0xFF, 0xFF, 0xAC], frame[..3]);
    }

    [Theory, InlineData(0x2400), InlineData(0x30A2), InlineData(0x306D), InlineData(0x3682), InlineData(0xE11F), InlineData(0x2130)]
    public void In_periodic_mode_only_fetch_break_and_status_are_obeyed(int code)
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x3041);
        Send(device, 0x2737);

        Send(device, code);
        Assert.Equal(0x0002, Status(device));
        Send(device, 0x3093);
        bench.Pass(1);
        Send(device, code);

        Assert.Equal(0, Status(bench, device) & 0x0002);
    }

    [Fact]
    public void A_break_takes_a_millisecond_at_most_and_ends_the_rhythm()
    {
        ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", ConversionTime = ConversionTime.Maximum });
        using I2cDevice device = bench.Open();
        Send(device, 0x2737);
        bench.Pass(50);

        Send(device, 0x3093);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(1) - Tick);
        Assert.Throws<IOException>(() => device.Write([]));
        bench.Clock.Advance(Tick);
        device.Write([]);
        bench.Pass(500);

        Assert.False(Fetch(device, out _));
    }

    [Fact]
    public void After_power_on_the_status_tells_of_a_reset_until_it_is_cleared()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        byte[] word = new byte[3];

        device.WriteRead([0xF3, 0x2D], word);
        Assert.Equal([0x80, 0x10, 0xE1], word);
        Send(device, 0x3041);
        device.WriteRead([0xF3, 0x2D], word);
        Assert.Equal([0x00, 0x00, 0x81], word);
        Send(device, 0x30A2);
        bench.Pass(2);

        Assert.Equal(0x8010, Status(device));
    }

    [Theory, InlineData(ConversionTime.Typical, 0.5), InlineData(ConversionTime.Maximum, 1.5)]
    public void While_it_starts_nothing_is_acknowledged(ConversionTime time, double milliseconds)
    {
        ChipBench<Sht31Chip> bench = new(new() { Chip = "SHT31", ConversionTime = time });
        using I2cDevice device = bench.Open();
        Action[] starts = [static () => { }, bench.Chip.BrownOut, () => Send(device, 0x30A2), () => Assert.True(bench.Bus.GeneralCall(0x06))];

        foreach (Action start in starts)
        {
            start();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - Tick);
            Assert.Throws<IOException>(() => device.Write([]));
            Assert.False(Acknowledges(device, out _));
            bench.Clock.Advance(Tick);
            Assert.Equal(0x8010, Status(device));
        }
    }

    [Fact]
    public void A_general_call_other_than_reset_is_not_for_this_chip()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x3041);

        Assert.False(bench.Bus.GeneralCall(0x04));
        Assert.Equal(0, Status(device));
    }

    [Fact]
    public void A_brown_out_forgets_everything_but_the_serial_number()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        byte[] serial = Ask(device, 0x3682, 6);
        device.Write([0x61, 0x00, 0x00, 0x00, 0x81]);
        Send(device, 0x306D);
        Send(device, 0x2400);

        bench.Chip.BrownOut();
        bench.Pass(50);

        Assert.False(Acknowledges(device, out _));
        Assert.Equal(0x8010, Status(device));
        Assert.Equal([0x34, 0x66], Ask(device, 0xE102, 3)[..2]);
        Assert.Equal(serial, Ask(device, 0x3780, 6));
    }

    [Theory, InlineData(0xE11F, 0x611D, 0xCD, 0x33), InlineData(0xE114, 0x6116, 0xCB, 0x2D), InlineData(0xE109, 0x610B, 0x38, 0x69), InlineData(0xE102, 0x6100, 0x34, 0x66)]
    public void An_alert_limit_can_be_read_and_written_only_with_its_checksum(int read, int write, byte high, byte low)
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x3041);
        Assert.Equal([high, low], Ask(device, read, 3)[..2]);

        device.Write([(byte)(write >> 8), (byte)write, 0xBE, 0xEF, 0x93]);
        Assert.Equal(0x0003, Status(device));
        Assert.Equal([high, low], Ask(device, read, 3)[..2]);
        device.Write([(byte)(write >> 8), (byte)write, 0xBE, 0xEF, 0x92]);

        Assert.Equal(0x0000, Status(device));
        Assert.Equal([0xBE, 0xEF, 0x92], Ask(device, read, 3));
    }

    [Fact]
    public void An_unknown_command_and_a_missing_argument_are_told_in_the_status()
    {
        foreach (byte[] bytes in new byte[][] { [0x12, 0x34], [0x61, 0x00], [0x61, 0x00, 0x01], [0x24, 0x00, 0x01] })
        {
            ChipBench<Sht31Chip> bench = Started();
            using I2cDevice device = bench.Open();
            Send(device, 0x3041);

            device.Write(bytes);

            Assert.Equal(0x0002, Status(device));
            Assert.Equal(0x0002, Status(device)); // asking does not change it
        }
    }

    [Fact]
    public void A_probe_and_half_a_command_change_nothing()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x2400);
        bench.Pass(20);

        device.Write([]);
        device.Write([0x30]);

        Assert.True(Acknowledges(device, out byte[] frame));
        Assert.Equal(Example, frame);
    }

    [Fact]
    public void A_read_may_stop_early_and_goes_on_with_ones()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();

        Assert.Equal(Example[..2], Ask(bench, device, 0x2416, 2));
        Assert.Equal([.. Example, 0xFF, 0xFF], Ask(bench, device, 0x2416, 8));
    }

    [Fact]
    public void The_heater_warms_and_dries_and_shows_in_the_status()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        Send(device, 0x306D);

        byte[] warm = Ask(bench, device, 0x2416, 6);

        Assert.Equal(0x2000, Status(device) & 0x2000);
        Assert.True(Word(warm, 0) > 0x6666 + 374, "One degree is 374 counts.");
        Assert.True(Word(warm, 3) < 0x8000);
        Send(device, 0x3066);
        Assert.Equal(Example, Ask(bench, device, 0x2416, 6));
    }

    [Fact]
    public void The_alert_output_follows_the_limits_with_their_hysteresis_and_nobody_on_the_bus()
    {
        ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", InterruptPin = AlertPin });
        using I2cDevice device = bench.Open();
        using GpioController gpio = bench.Buses.OpenGpio();
        gpio.OpenPin(AlertPin, PinMode.Input);
        Send(device, 0x3041);
        Send(device, 0x2737);
        List<(double Celsius, bool Expected)> steps =
            [(25, false), (59.9, false), (60.5, true), (58.5, true), (57.5, false), (-9.5, false), (-10.5, true), (-9.5, true), (-8.5, false)];

        foreach ((double celsius, bool expected) in steps)
        {
            bench.Ambient.TemperatureCelsius = Stimulus.Constant(celsius);
            bench.Pass(100);
            Assert.Equal(expected, gpio.Read(AlertPin) == PinValue.High);
        }

        Assert.Equal(0x8000, Status(device)); // what was pending stays so until it is cleared
    }

    [Fact]
    public void Each_quantity_has_its_own_alert_bit_and_a_crossed_pair_of_limits_switches_it_off()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        bench.Ambient.HumidityPercent = Stimulus.Constant(95);
        Send(device, 0x3041);
        Send(device, 0x2737);
        bench.Pass(50);

        Assert.Equal(0x8800, Status(device));
        Assert.Equal(true, bench.Chip.AlertOutput);
        Send(device, 0x3093);
        bench.Pass(2);
        device.Write([0x61, 0x00, 0xFE, 0x66, SensirionWord.Checksum(0xFE66)]); // low set of the humidity above high set
        Send(device, 0x2737);
        bench.Pass(50);

        Assert.Equal(false, bench.Chip.AlertOutput);
        Assert.Equal(0x8000, Status(device));
    }

    [Fact]
    public void An_edge_can_be_answered_on_the_bus_at_once()
    {
        ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", InterruptPin = AlertPin });
        using I2cDevice device = bench.Open();
        int status = 0;
        bench.Board.Gpio.EdgeOccurred += (_, edge) => status = edge.IsRising ? Status(device) : status;
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(70);
        Send(device, 0x2737);

        bench.Pass(13);

        Assert.Equal(0x8400, status & 0x8400);
    }

    [Fact]
    public void Without_supply_the_alert_output_floats()
    {
        ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", InterruptPin = AlertPin });
        using I2cDevice device = bench.Open();
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(70);
        Send(device, 0x2737);
        bench.Pass(13);
        Assert.True(bench.Board.Gpio.IsHigh(AlertPin));

        bench.Chip.IsPowered = false;

        Assert.False(bench.Board.Gpio.IsHigh(AlertPin));
        Assert.Null(bench.Chip.AlertOutput);
        bench.Pass(1000);
        Assert.Throws<IOException>(() => Send(device, 0x30A2));
    }

    [Fact]
    public void A_long_unwatched_rhythm_ends_where_a_watched_one_does()
    {
        ChipBench<Sht31Chip> watched = Started();
        ChipBench<Sht31Chip> unwatched = Started();
        byte[][] last = [.. new[] { (watched, 3600), (unwatched, 1) }.Select(static one =>
        {
            (ChipBench<Sht31Chip> bench, int looks) = one;
            bench.Ambient.TemperatureCelsius = Stimulus.Sine(20, 45, TimeSpan.FromMinutes(7));
            using I2cDevice device = bench.Open();
            Send(device, 0x2737);
            for (int look = 0; look < looks; look++)
            {
                bench.Pass(3_600_000.0 / looks);
                Status(device);
            }

            return (byte[])[.. Ask(device, 0xE000, 6), .. BitConverter.GetBytes(Status(device))];
        })];

        Assert.Equal(last[0], last[1]);
    }

    [Fact]
    public void An_ideal_unit_only_quantises_and_a_real_one_errs_within_its_tolerances_the_same_for_the_same_seed()
    {
        byte[][] first = [.. Many(1, tolerances: true)];

        Assert.Equal(first, Many(1, tolerances: true));
        Assert.NotEqual(first, [.. Many(2, tolerances: true)]);
        Assert.All(Many(1, tolerances: false), static frame => Assert.Equal(Example, frame));
        Assert.All(first, static frame => Assert.InRange(Word(frame, 0) - 0x6666, -130, 130)); // 0.3 + 0.04 °C: 127 counts
        Assert.All(first, static frame => Assert.InRange(Word(frame, 3) - 0x8000, -2100, 2100)); // 3 + 0.08 %: 2,018 counts
        Assert.True(first.Select(static frame => Word(frame, 0)).Distinct().Count() > 10, "Noise changes the last bits.");

        static IEnumerable<byte[]> Many(int seed, bool tolerances)
        {
            ChipBench<Sht31Chip> bench = Started(new() { Chip = "SHT31", HasTolerances = tolerances }, seed);
            using I2cDevice device = bench.Open();
            return [.. Enumerable.Range(0, 50).Select(_ => Ask(bench, device, 0x2400, 6))];
        }
    }

    [Fact]
    public void The_table_of_commands_is_the_datasheets()
    {
        IReadOnlyList<CommandDescription> commands = Started().Chip.Commands;

        int[] codes =
        [
            0x2024, 0x202F, 0x2032, 0x2126, 0x212D, 0x2130, 0x2220, 0x222B, 0x2236, 0x2322, 0x2329, 0x2334, 0x2400, 0x240B, 0x2416,
            0x2721, 0x272A, 0x2737, 0x2B32, 0x2C06, 0x2C0D, 0x2C10, 0x3041, 0x3066, 0x306D, 0x3093, 0x30A2, 0x3682, 0x3780,
            0x6100, 0x610B, 0x6116, 0x611D, 0xE000, 0xE102, 0xE109, 0xE114, 0xE11F, 0xF32D,
        ];
        Assert.Equal(codes, commands.Select(static one => one.Code));
        Assert.Equal([0x3041, 0x3093, 0xE000, 0xF32D], commands.Where(static one => one.WhileMeasuring).Select(static one => one.Code));
        Assert.Equal([0x6100, 0x610B, 0x6116, 0x611D], commands.Where(static one => one.ArgumentWords == 1).Select(static one => one.Code));
        Assert.Empty(Started().Chip.Registers);
    }

    /// <summary>How the public driver of the .NET IoT bindings talks to the chip: reset, then for each value command, pause, read of six bytes.</summary>
    [Fact]
    public void A_public_driver_can_read_it()
    {
        ChipBench<Sht31Chip> bench = Started();
        using I2cDevice device = bench.Open();
        device.Write([0x30, 0xA2]);
        bench.Pass(20);

        foreach (byte resolution in new byte[] { 0x00, 0x0B, 0x16 })
        {
            byte[] frame = new byte[6];
            device.Write([0x24, resolution]);
            bench.Pass(20);
            device.Read(frame);
            Assert.Equal(Example, frame);
        }
    }

    private static ChipBench<Sht31Chip> Started(EmulatedChipOptions? options = null, int seed = 1)
    {
        ChipBench<Sht31Chip> bench = new(options ?? new() { Chip = "SHT31" }, seed);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(25);
        bench.Ambient.HumidityPercent = Stimulus.Constant(50.0008);
        bench.Pass(2);
        return bench;
    }

    private static void Send(I2cDevice device, int code) => device.Write([(byte)(code >> 8), (byte)code]);

    private static byte[] Ask(I2cDevice device, int code, int length)
    {
        byte[] bytes = new byte[length];
        Send(device, code);
        device.Read(bytes);
        return bytes;
    }

    private static byte[] Ask(ChipBench<Sht31Chip> bench, I2cDevice device, int code, int length)
    {
        byte[] bytes = new byte[length];
        Send(device, code);
        bench.Pass(20);
        device.Read(bytes);
        return bytes;
    }

    private static int Status(I2cDevice device) => Word(Ask(device, 0xF32D, 3), 0);

    private static int Status(ChipBench<Sht31Chip> bench, I2cDevice device)
    {
        bench.Pass(20);
        return Status(device);
    }

    private static int Word(byte[] bytes, int at) => (bytes[at] << 8) | bytes[at + 1];

    private static bool Fetch(I2cDevice device, out byte[] frame)
    {
        Send(device, 0xE000);
        return Acknowledges(device, out frame);
    }

    private static bool Acknowledges(I2cDevice device, out byte[] frame)
    {
        frame = new byte[6];
        try
        {
            device.Read(frame);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
