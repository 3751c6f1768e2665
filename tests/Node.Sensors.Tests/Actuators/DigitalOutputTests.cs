using System.Device.Gpio;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Actuators;

public sealed class DigitalOutputTests : IDisposable
{
    private const int Pin = 17;
    private readonly Bench _bench = new();
    private readonly GpioController _controller;
    private readonly List<bool> _edges = [];

    public DigitalOutputTests()
    {
        _controller = _bench.Buses.OpenGpio();
    }

    private EmulatedGpioChip Outside => _bench.Board.Gpio;

    public void Dispose() => _controller.Dispose();

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    public void It_opens_in_its_fail_safe_state_without_showing_the_other(bool activeHigh, bool failSafeOn, bool high)
    {
        Outside.Drive(Pin, high);
        Watch();

        using DigitalOutput output = Open(activeHigh, failSafeOn);

        Assert.Equal(failSafeOn, output.IsOn);
        Assert.Equal(high, Outside.IsHigh(Pin));
        Assert.Equal(PinMode.Output, Outside.ModeOf(Pin));
        Assert.Empty(_edges);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Set_and_toggle_drive_the_pin_and_answer_what_is_in_force(bool activeHigh)
    {
        using DigitalOutput output = Open(activeHigh, failSafeOn: false);

        Assert.True(output.Set(true));
        Assert.Equal(activeHigh, Outside.IsHigh(Pin));
        Assert.False(output.Toggle());
        Assert.Equal(!activeHigh, Outside.IsHigh(Pin));
        Assert.True(output.Toggle());
        Assert.True(output.IsOn);
    }

    [Fact]
    public void A_shorted_line_is_told_and_not_hidden()
    {
        using DigitalOutput output = Open(activeHigh: true, failSafeOn: false);
        Outside.ShortCircuit(Pin, false);

        Assert.False(output.Set(true));
        Assert.False(output.IsOn);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void Disposal_drives_the_fail_safe_state_and_frees_the_pin(bool failSafeOn)
    {
        DigitalOutput output = Open(activeHigh: true, failSafeOn);
        output.Set(!failSafeOn);
        Watch();

        output.Dispose();
        output.Dispose();

        Assert.Equal([failSafeOn], _edges);
        Assert.Equal(failSafeOn, Outside.IsHigh(Pin));
        Assert.False(_controller.IsPinOpen(Pin));
        Assert.Throws<ObjectDisposedException>(() => output.Set(true));
        Assert.Throws<ObjectDisposedException>(() => output.IsOn);
    }

    [Fact]
    public void A_pin_in_use_is_refused_and_left_alone()
    {
        using DigitalOutput first = Open(activeHigh: true, failSafeOn: true);
        using GpioController other = _bench.Buses.OpenGpio();

        Assert.Throws<InvalidOperationException>(() => Open(activeHigh: true, failSafeOn: false));
        SensorException held = Assert.Throws<SensorException>(() => new DigitalOutput(other, new() { Pin = Pin }));

        Assert.Equal(SensorFault.BusUnavailable, held.Fault);
        Assert.StartsWith("GPIO17 ", held.Message, StringComparison.Ordinal);
        Assert.True(first.IsOn);
    }

    [Theory, InlineData(-1), InlineData(54)]
    public void A_pin_that_does_not_exist_is_the_callers_mistake(int pin) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DigitalOutput(_controller, new() { Pin = pin }));

    [Fact]
    public async Task Toggles_of_several_threads_are_all_counted()
    {
        using DigitalOutput output = Open(activeHigh: true, failSafeOn: false);
        Watch();
        CancellationToken cancelled = TestContext.Current.CancellationToken;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 1_001; i++) { output.Toggle(); }
        }, cancelled))).WaitAsync(TimeSpan.FromSeconds(30), cancelled);

        Assert.Equal(4_004, _edges.Count);
        Assert.False(output.IsOn);
    }

    private DigitalOutput Open(bool activeHigh, bool failSafeOn) =>
        new(_controller, new() { Pin = Pin, ActiveHigh = activeHigh, FailSafeOn = failSafeOn });

    private void Watch() => Outside.EdgeOccurred += (_, edge) => _edges.Add(edge.IsRising);
}
