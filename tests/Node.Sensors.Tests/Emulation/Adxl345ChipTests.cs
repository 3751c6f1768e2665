using System.Device.Gpio;
using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Adxl345ChipTests : IDisposable
{
    private const byte Rate = 0x2C;
    private const byte Power = 0x2D;
    private const byte Enable = 0x2E;
    private const byte Map = 0x2F;
    private const byte Format = 0x31;
    private const byte FifoControl = 0x38;
    private const byte FifoStatus = 0x39;

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly Adxl345Probe _chip = new();

    public void Dispose() => _chip.Dispose();

    [Fact]
    public void The_exchanges_of_public_drivers_give_the_words_of_the_datasheets_scale()
    {
        using SpiDevice device = _chip.Bench.Open(SpiMode.Mode3, 5_000_000);
        _chip.Bench.Ambient.AccelerationXG = Stimulus.Constant(-0.5);

        device.Write([0x31, 0x01]);
        device.Write([0x2D, 0x08]);
        _chip.Advance(20);

        Assert.Equal([0xC0, 0xFF, 0x00, 0x00, 0x80, 0x00], SpiBench.Exchange(device, 0xF2, 0, 0, 0, 0, 0, 0)[1..]);
        device.WriteByte(0x80);
        Assert.Equal([0xFF, 0xE5], SpiBench.Exchange(device, 0x80, 0));
    }

    [Theory]
    [InlineData(SpiMode.Mode0, 1_000_000, 0xF2), InlineData(SpiMode.Mode3, 5_000_001, 0xF2), InlineData(SpiMode.Mode3, 5_000_000, 0xE5)]
    public void Another_mode_or_too_fast_a_clock_shows_the_identity_one_bit_late(SpiMode mode, int clockHertz, byte shown)
    {
        using SpiDevice device = _chip.Bench.Open(mode, clockHertz);

        Assert.Equal(shown, SpiBench.Exchange(device, 0x80, 0)[1]);
    }

    [Theory, InlineData(0), InlineData(3), InlineData(6), InlineData(9), InlineData(10), InlineData(12), InlineData(15)]
    public void The_first_sample_comes_after_a_period_and_the_turn_on_time_and_the_next_a_period_later_to_the_tick(int code)
    {
        TimeSpan period = TimeSpan.FromSeconds(1 / (3200 / Math.Pow(2, 15 - code)));
        _chip.Write(Rate, (byte)code);
        _chip.Write(Power, 0x08);

        _chip.Bench.Clock.Advance(period + TimeSpan.FromMilliseconds(1.1) - Tick);
        Assert.Equal(0x02, _chip.Source);
        Assert.Equal(new byte[6], _chip.ReadData());
        _chip.Bench.Clock.Advance(Tick);
        Assert.Equal(0x82, _chip.Source);
        Assert.Equal((0, 0, 256), _chip.ReadWords());
        Assert.Equal(0x02, _chip.Source);

        _chip.Bench.Clock.Advance(period - Tick);
        Assert.Equal(0x02, _chip.Source);
        _chip.Bench.Clock.Advance(Tick);
        Assert.Equal(0x82, _chip.Source);
    }

    [Fact]
    public void In_standby_nothing_is_measured_and_the_last_sample_stays()
    {
        _chip.Advance(1000);
        Assert.Equal((0, 0, 0), _chip.ReadWords());
        _chip.Write(Power, 0x08);
        _chip.Advance(100);
        _chip.Write(Power, 0x00);
        _chip.Bench.Ambient.AccelerationZG = Stimulus.Constant(-1);
        _chip.ReadData();
        _chip.Advance(1000);

        Assert.Equal(0x02, _chip.Source);
        Assert.Equal((0, 0, 256), _chip.ReadWords());
    }

    /// <summary>DATA_FORMAT, acceleration in g, word.</summary>
    [Theory]
    [InlineData(0x00, 1, 256), InlineData(0x01, 1, 128), InlineData(0x02, 1, 64), InlineData(0x03, 1, 32)]
    [InlineData(0x08, 1, 256), InlineData(0x09, 1, 256), InlineData(0x0A, 1, 256), InlineData(0x0B, 1, 256)]
    [InlineData(0x00, 1.999, 511), InlineData(0x00, 5, 511), InlineData(0x00, -2, -512), InlineData(0x00, -9, -512)]
    [InlineData(0x03, 16, 511), InlineData(0x03, -16, -512), InlineData(0x0B, 15.99, 4093), InlineData(0x0B, 17, 4095), InlineData(0x0B, -17, -4096)]
    [InlineData(0x09, 5, 1023), InlineData(0x0A, -9, -2048)]
    [InlineData(0x04, 1, 256 << 6), InlineData(0x04, -1, -(256 << 6)), InlineData(0x0F, 1, 256 << 3), InlineData(0x0F, -17, -4096 << 3), InlineData(0x05, 1, 128 << 6)]
    public void Words_follow_range_resolution_and_justification(byte format, double g, int word)
    {
        _chip.Write(Format, format);
        _chip.Bench.Ambient.AccelerationYG = Stimulus.Constant(g);
        _chip.Write(Power, 0x08);
        _chip.Advance(20);

        Assert.Equal(word, _chip.ReadWords().Y);
    }

    [Fact]
    public void Offsets_are_signed_digits_of_a_sixty_fourth_of_a_g()
    {
        _chip.Write(0x1E, 1);
        _chip.Write(0x1F, 0xFF);
        _chip.Write(0x20, 0x80);
        _chip.Write(Format, 0x0B);
        _chip.Write(Power, 0x08);
        _chip.Advance(20);

        Assert.Equal((4, -4, 256 - 512), _chip.ReadWords());
    }

    [Fact]
    public void The_self_test_moves_every_axis()
    {
        _chip.Write(Format, 0x8B);
        _chip.Write(Power, 0x08);
        _chip.Advance(20);

        (short x, short y, short z) = _chip.ReadWords();

        Assert.InRange(x, 50, 540);
        Assert.InRange(y, -540, -50);
        Assert.InRange(z - 256, 75, 875);
    }

    [Fact]
    public void With_three_wires_the_chip_no_longer_answers_on_the_fourth()
    {
        _chip.Write(Format, 0x40);

        Assert.Equal(0xFF, _chip.Read(0x00));
        _chip.Write(Format, 0x00);
        Assert.Equal(0xE5, _chip.Read(0x00));
    }

    [Fact]
    public void With_three_wires_it_answers_a_host_that_listens_on_the_line_it_sent_on_and_with_four_it_does_not()
    {
        SpiConnectionSettings host = new(0, 0) { Mode = SpiMode.Mode3, ClockFrequency = 1_000_000 };
        byte[] heard = new byte[6];
        _chip.Bench.Bus.ExchangeOnOneLine(host, [0xC0 | 0x2C], heard);
        Assert.All(heard, static one => Assert.Equal(0xFF, one));

        _chip.Bench.Bus.ExchangeOnOneLine(host, [Format, 0x40], []);
        _chip.Bench.Bus.ExchangeOnOneLine(host, [0xC0 | 0x2C], heard);

        Assert.Equal(Convert.FromHexString("0A0000000240"), heard);
        Assert.Throws<ArgumentException>(() => _chip.Bench.Bus.ExchangeOnOneLine(host, [], []));
        Assert.Throws<ArgumentException>(() => _chip.Bench.Bus.ExchangeOnOneLine(host, new byte[4_000], new byte[97]));
    }

    [Fact]
    public void Bypassed_a_sample_replaces_the_one_before_and_an_unread_one_is_an_overrun()
    {
        _chip.CountSamples();

        _chip.Samples(1);
        Assert.Equal(0x82, _chip.Source);
        _chip.Samples(1);
        Assert.Equal(0x83, _chip.Source);
        Assert.Equal(1, _chip.ReadWords().X);
        Assert.Equal(0x02, _chip.Source);
        Assert.Equal(0, _chip.Entries);
    }

    [Fact]
    public void In_fifo_mode_the_first_thirty_two_samples_stay_and_each_read_takes_one()
    {
        _chip.Write(FifoControl, 0x40 | 20);
        _chip.CountSamples();

        _chip.Samples(19);
        Assert.Equal((0x80, 19), (_chip.Source, _chip.Entries));
        _chip.Samples(1);
        Assert.Equal((0x82, 20), (_chip.Source, _chip.Entries));
        _chip.Samples(11);
        Assert.Equal((0x82, 31), (_chip.Source, _chip.Entries));
        _chip.Samples(1);
        Assert.Equal((0x83, 32), (_chip.Source, _chip.Entries));
        _chip.Samples(100_000);

        Assert.Equal(Enumerable.Range(0, 32), Enumerable.Range(0, 32).Select(_ => (int)_chip.ReadWords().X));
        Assert.Equal((0x00, 0), (_chip.Source, _chip.Entries));
        Assert.Equal(31, _chip.ReadWords().X);
    }

    [Fact]
    public void In_stream_mode_the_newest_thirty_two_samples_stay()
    {
        _chip.Write(FifoControl, 0x80 | 16);
        _chip.CountSamples();

        _chip.Samples(40);
        Assert.Equal((0x83, 32), (_chip.Source, _chip.Entries));
        Assert.Equal(8, _chip.ReadWords().X);
        Assert.Equal((0x82, 31), (_chip.Source, _chip.Entries));
        Assert.Equal(9, _chip.ReadWords().X);
    }

    [Theory, InlineData(0xB2), InlineData(0xB7), InlineData(0xF6)]
    public void Reading_any_part_of_the_data_takes_one_whole_level(byte first)
    {
        using SpiDevice device = _chip.Bench.Open(SpiMode.Mode3);
        _chip.Write(FifoControl, 0x80);
        _chip.CountSamples();
        _chip.Samples(5);

        SpiBench.Exchange(device, first, 0, 0);

        Assert.Equal(4, _chip.Entries);
        Assert.Equal(1, _chip.ReadWords().X);
    }

    [Fact]
    public void A_burst_up_to_the_data_or_behind_it_takes_nothing_and_one_across_takes_one_level_and_shows_it_whole()
    {
        using SpiDevice device = _chip.Bench.Open(SpiMode.Mode3);
        _chip.Write(FifoControl, 0x80);
        _chip.CountSamples();
        _chip.Samples(5);

        SpiBench.Exchange(device, 0xEC, 0, 0, 0, 0, 0, 0);
        SpiBench.Exchange(device, 0xF8, 0, 0);
        Assert.Equal(5, _chip.Entries);
        byte[] across = SpiBench.Exchange(device, 0xF0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

        Assert.Equal([0x82, 0x0B, 0, 0, 0, 0, 0, 1, 0x80, 5], across[1..]);
        Assert.Equal(4, _chip.Entries);
    }

    [Fact]
    public void Bypass_empties_the_fifo()
    {
        _chip.Write(FifoControl, 0x80 | 16);
        _chip.CountSamples();
        _chip.Samples(40);

        _chip.Write(FifoControl, 0x00);
        _chip.Write(FifoControl, 0x80 | 16);

        Assert.Equal((0x00, 0), (_chip.Source, _chip.Entries));
    }

    [Fact]
    public void A_trigger_keeps_what_was_before_it_and_fills_up_once()
    {
        _chip.Bench.Ambient.AccelerationYG = new FunctionStimulus(static at => at >= TimeSpan.FromMilliseconds(31.4) ? 3 : 0);
        _chip.Write(0x24, 16); // activity beyond 1 g along y, told by INT2
        _chip.Write(0x27, 0x20);
        _chip.Write(Map, 0x10);
        _chip.Write(Enable, 0x10);
        _chip.Write(FifoControl, 0xC0 | 0x20 | 10);
        _chip.CountSamples();

        _chip.Samples(60);
        Assert.Equal(32, _chip.Entries);
        _chip.Samples(40);
        Assert.Equal(0x80, _chip.Read(FifoStatus) & 0x80);
        Assert.True(_chip.IsInt2High);
        _chip.Samples(1000);

        int[] kept = [.. Enumerable.Range(0, 32).Select(_ => (int)_chip.ReadWords().X)];
        Assert.Equal(Enumerable.Range(87, 32), kept); // ten up to the trigger, sample 96, and 22 after it
    }

    [Fact]
    public void A_trigger_on_the_other_line_is_none()
    {
        _chip.Bench.Ambient.AccelerationYG = Stimulus.Constant(3);
        _chip.Write(0x24, 16);
        _chip.Write(0x27, 0x20);
        _chip.Write(Enable, 0x10); // on INT1
        _chip.Write(FifoControl, 0xC0 | 0x20 | 10);
        _chip.CountSamples();
        _chip.Samples(100);

        Assert.Equal(0x20, _chip.Read(FifoStatus));
        Assert.True(_chip.IsInt1High);
    }

    [Fact]
    public void The_watermark_line_rises_on_its_sample_and_falls_when_enough_is_read()
    {
        List<PinEdge> edges = [];
        _chip.Bench.Board.Gpio.EdgeOccurred += (_, edge) => edges.Add(edge);
        _chip.Write(FifoControl, 0x80 | 4);
        _chip.Write(Enable, 0x02);
        _chip.CountSamples();
        TimeSpan begin = TimeSpan.FromMilliseconds(1.1);

        _chip.Samples(4);
        PinEdge rising = Assert.Single(edges);
        _chip.Samples(1);
        _chip.ReadData();
        Assert.True(_chip.IsInt1High);
        _chip.ReadData();

        Assert.Equal((1, Adxl345Probe.Int1, true, begin + TimeSpan.FromTicks(4 * 3125)), (rising.Sequence, rising.Pin, rising.IsRising, rising.At));
        Assert.Equal(2, edges.Count);
        Assert.False(_chip.IsInt1High);
        Assert.False(_chip.IsInt2High);
    }

    [Theory, InlineData(0x80, 1), InlineData(0x02, 16), InlineData(0x01, 32)]
    public void Each_fifo_interrupt_rises_by_itself_on_the_line_it_is_mapped_to(byte interrupt, int samples)
    {
        _chip.Write(FifoControl, 0x80 | 16);
        _chip.Write(Map, interrupt);
        _chip.Write(Enable, interrupt);
        _chip.CountSamples();

        _chip.Samples(samples - 1);
        Assert.False(_chip.IsInt2High);
        _chip.Samples(1);

        Assert.True(_chip.IsInt2High);
        Assert.False(_chip.IsInt1High);
    }

    [Fact]
    public void Lines_can_be_inverted_and_let_go_without_supply()
    {
        using GpioController gpio = _chip.Bench.Buses.OpenGpio();
        gpio.OpenPin(Adxl345Probe.Int1, PinMode.InputPullUp);
        Assert.False(_chip.IsInt1High);

        _chip.Write(Format, 0x20);
        Assert.True(_chip.IsInt1High);
        _chip.Write(Enable, 0x02); // a watermark of 0 is always reached
        Assert.False(_chip.IsInt1High);
        _chip.Bench.Chip.IsPowered = false;
        Assert.True(_chip.IsInt1High);
        _chip.Bench.Chip.IsPowered = true;

        Assert.False(_chip.IsInt1High);
    }

    [Fact]
    public void A_listener_may_use_the_bus_inside_the_edge()
    {
        List<short> heard = [];
        _chip.Bench.Board.Gpio.EdgeOccurred += (_, edge) =>
        {
            if (edge.IsRising) { heard.Add(_chip.ReadWords().X); }
        };
        _chip.Write(Enable, 0x80);
        _chip.CountSamples();

        for (int i = 0; i < 5; i++) { _chip.Samples(1); }

        Assert.Equal([0, 1, 2, 3, 4], heard);
    }

    [Fact]
    public void A_brown_out_ends_everything()
    {
        _chip.Write(FifoControl, 0x80 | 4);
        _chip.Write(Enable, 0x02);
        _chip.CountSamples();
        _chip.Samples(10);
        Assert.True(_chip.IsInt1High);

        _chip.Bench.Chip.BrownOut();

        Assert.False(_chip.IsInt1High);
        Assert.Equal((0x02, 0), (_chip.Source, _chip.Entries));
        _chip.Samples(100);
        Assert.Equal((0, 0, 0), _chip.ReadWords());
    }

    [Fact]
    public void After_a_day_unseen_the_newest_samples_are_there_at_once()
    {
        _chip.Write(FifoControl, 0x80);
        _chip.Bench.Ambient.AccelerationXG = Stimulus.Ramp(0, 8.64, TimeSpan.FromDays(1));
        _chip.Write(Format, 0x0B);
        _chip.Write(Rate, 0x0F);
        _chip.Write(Power, 0x08);

        _chip.Bench.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(32, _chip.Entries);
        Assert.Equal(2212, _chip.ReadWords().X);
    }

    [Fact]
    public void A_unit_with_imperfections_is_the_same_for_the_same_seed_and_another_for_another()
    {
        Assert.Equal(Words(1), Words(1));
        Assert.NotEqual(Words(1), Words(2));
        Assert.All(Words(1), static word => Assert.InRange(word.Z, 256 - 60, 256 + 60));

        static (short X, short Y, short Z)[] Words(int seed)
        {
            using Adxl345Probe chip = new(imperfections: true, seed);
            chip.Write(FifoControl, 0x80);
            chip.Write(Power, 0x08);
            chip.Advance(200);
            return [.. Enumerable.Range(0, 10).Select(_ => chip.ReadWords())];
        }
    }
}
