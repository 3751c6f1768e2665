using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>What an ADXL345 detects by itself, at 400 Hz from the board's start.</summary>
public sealed class Adxl345MotionTests : IDisposable
{
    private const byte SingleTap = 0x40;
    private const byte DoubleTap = 0x20;
    private const byte Activity = 0x10;
    private const byte Inactivity = 0x08;
    private const byte FreeFall = 0x04;
    private const byte Events = 0x7C;

    private readonly Adxl345Probe _chip = new();

    public void Dispose() => _chip.Dispose();

    [Theory, InlineData(20, SingleTap), InlineData(25, SingleTap), InlineData(60, 0)]
    public void A_short_shock_is_a_tap_and_a_long_one_is_none(double lasts, byte events)
    {
        Shocks((100, lasts));
        WatchTaps();

        _chip.Advance(600);

        Assert.Equal(events, _chip.Source & Events);
        Assert.Equal(0, _chip.Source & Events); // reading forgets
        Assert.Equal(4, _chip.Read(0x2B)); // along x
    }

    [Theory]
    [InlineData(200, SingleTap | DoubleTap)] // 80 ms of latency after 110, then 240 ms of window
    [InlineData(420, SingleTap | DoubleTap)]
    [InlineData(140, SingleTap)]
    [InlineData(450, SingleTap)]
    public void A_second_tap_counts_within_its_window(double second, byte events)
    {
        Shocks((100, 10), (second, 10));
        WatchTaps();

        _chip.Advance(900);

        Assert.Equal(events, _chip.Source & Events);
    }

    [Theory, InlineData(false, SingleTap | DoubleTap), InlineData(true, SingleTap)]
    public void A_shock_within_the_latency_spoils_the_double_tap_if_it_is_to(bool suppress, byte events)
    {
        Shocks((100, 10), (120, 40), (250, 10)); // the one between lasts too long for a tap
        WatchTaps(suppress);

        _chip.Advance(900);

        Assert.Equal(events, _chip.Source & Events);
    }

    [Theory, InlineData(140, false), InlineData(170, true)]
    public void A_fall_is_one_after_its_time(double lasts, bool detected)
    {
        _chip.Bench.Ambient.AccelerationZG = new FunctionStimulus(at => at.TotalMilliseconds is var ms && ms >= 100 && ms < 100 + lasts ? 0.05 : 1);
        Watch(FreeFall, (0x28, 7), (0x29, 30));

        _chip.Advance(600);

        Assert.Equal(detected ? FreeFall : 0, _chip.Source & Events);
    }

    [Theory, InlineData(0xF0, 0.1, false), InlineData(0xF0, 0.6, true), InlineData(0x70, 0.1, true), InlineData(0x60, 0.6, false)]
    public void Activity_is_measured_from_zero_or_from_where_it_began(byte control, double step, bool detected)
    {
        _chip.Bench.Ambient.AccelerationZG = new FunctionStimulus(at => at > TimeSpan.FromMilliseconds(100) ? 1 + step : 1);
        Watch(Activity, (0x24, 8), (0x27, control)); // beyond 0.5 g; at rest z is 1 g

        _chip.Advance(600);

        Assert.Equal(detected ? Activity : 0, _chip.Source & Events);
        Assert.Equal(detected ? 0x10 : 0, _chip.Read(0x2B)); // along z
    }

    [Fact]
    public void Inactivity_needs_its_whole_seconds_of_rest()
    {
        _chip.Bench.Ambient.AccelerationXG = new FunctionStimulus(static at => at < TimeSpan.FromSeconds(1) ? Math.Sin(at.TotalSeconds * 100) : 0);
        Watch(Inactivity, (0x25, 3), (0x26, 2), (0x27, 0x0F));

        _chip.Advance(2_900);
        Assert.Equal(0, _chip.Source & Events);
        _chip.Advance(200);

        Assert.Equal(Inactivity, _chip.Source & Events);
    }

    [Fact]
    public void Linked_activity_waits_for_inactivity_and_an_idle_chip_sleeps_until_it_moves()
    {
        _chip.Bench.Ambient.AccelerationXG = new FunctionStimulus(static at => at.TotalSeconds is < 0.5 or > 5 and < 5.5 ? Math.Sin(at.TotalSeconds * 100) : 0);
        Watch(Activity | Inactivity, (0x24, 8), (0x25, 3), (0x26, 2), (0x27, 0xFF), (0x2D, 0x38));

        _chip.Advance(1_000);
        Assert.Equal(0, _chip.Source & Events); // it moved, and was not waited for
        _chip.Advance(3_000);
        Assert.Equal(Inactivity, _chip.Source & Events);
        Assert.Equal(0x08, _chip.Read(0x2B) & 0x08);
        _chip.ReadData();
        _chip.Advance(500);
        Assert.Equal(0, _chip.Source & 0x80); // asleep it gives no data
        _chip.Advance(1_500);

        Assert.Equal(Activity, _chip.Source & Events);
        Assert.Equal(0x00, _chip.Read(0x2B) & 0x08);
        Assert.Equal(0x80, _chip.Source & 0x80);
    }

    [Fact]
    public void Only_what_is_switched_on_is_detected_and_told_until_it_is_read()
    {
        Shocks((100, 10));
        WatchTaps();
        _chip.Write(0x2E, Activity);
        _chip.Advance(600);
        Assert.Equal(0, _chip.Source & Events);

        Shocks((700, 10));
        _chip.Write(0x2E, SingleTap);
        _chip.Advance(100);
        Assert.False(_chip.IsInt1High);
        _chip.Advance(100);
        Assert.True(_chip.IsInt1High);
        _ = _chip.Source;

        Assert.False(_chip.IsInt1High);
    }

    /// <summary>4 g along x from a time for a time, both in milliseconds.</summary>
    private void Shocks(params (double At, double For)[] shocks) => _chip.Bench.Ambient.AccelerationXG = new FunctionStimulus(at =>
        shocks.Any(shock => at.TotalMilliseconds >= shock.At && at.TotalMilliseconds < shock.At + shock.For) ? 4 : 0);

    /// <summary>3 g, 30 ms, 80 ms of latency and 240 ms of window.</summary>
    private void WatchTaps(bool suppress = false) =>
        Watch(SingleTap | DoubleTap, (0x1D, 48), (0x21, 48), (0x22, 64), (0x23, 192), (0x2A, (byte)(suppress ? 0x0F : 0x07)));

    private void Watch(byte events, params (byte Register, byte Value)[] registers)
    {
        _chip.Write(0x31, 0x0B);
        _chip.Write(0x2C, 0x0C);
        _chip.Write(0x2D, 0x08);
        foreach ((byte register, byte value) in registers) { _chip.Write(register, value); }

        _chip.Write(0x2E, events);
    }
}
