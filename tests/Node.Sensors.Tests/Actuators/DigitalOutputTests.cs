using System.Device.Gpio;
using Node.Sensors.Actuators;
using Node.Sensors.Emulation;
using Node.Sensors.Tests.Support;

namespace Node.Sensors.Tests.Actuators;

public sealed class DigitalOutputTests : IDisposable
{
    private readonly Bench _bench = new();
    private readonly GpioController _controller;
    private readonly List<PinEdge> _edges = [];

    public DigitalOutputTests()
    {
        _controller = _bench.Provider.OpenGpio();
        _bench.Board.Gpio.EdgeOccurred += (_, edge) => _edges.Add(edge);
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(true, true, true)]
    [InlineData(false, false, true)]
    [InlineData(false, true, false)]
    public void It_opens_in_its_fail_safe_state_without_a_glitch(bool activeHigh, bool failSafeOn, bool high)
    {
        _bench.Board.Gpio.Drive(17, high); // a pull resistor holds the line at the safe level while nobody drives it
        _edges.Clear();

        using var output = new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17, ActiveHigh = activeHigh, FailSafeOn = failSafeOn });

        Assert.Equal((failSafeOn, high), (output.IsOn, _bench.Board.Gpio.IsHigh(17)));
        Assert.Empty(_edges);
    }

    [Fact]
    public void It_is_set_and_toggled_and_tells_what_it_read_back()
    {
        using var output = new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17 });

        Assert.True(output.Set(true));
        Assert.False(output.Toggle());
        Assert.True(output.Toggle());
        Assert.True(_bench.Board.Gpio.IsHigh(17));
    }

    [Fact]
    public void A_line_held_by_something_stronger_shows_in_the_answer()
    {
        using var output = new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17 });
        _bench.Board.Gpio.ShortCircuit(17, high: false);

        Assert.False(output.Set(true));
    }

    [Fact]
    public void Its_end_drives_the_fail_safe_state_and_frees_the_pin()
    {
        var output = new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17 });
        output.Set(true);
        _edges.Clear();
        output.Dispose();
        output.Dispose();

        Assert.Equal([false], _edges.Select(edge => edge.IsRising));
        Assert.False(_controller.IsPinOpen(17));
        Assert.Throws<ObjectDisposedException>(() => output.Set(true));
    }

    [Fact]
    public void A_pin_is_used_once()
    {
        using var output = new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17 });

        Assert.Contains("GPIO17", Assert.Throws<InvalidOperationException>(() => new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 17 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new DigitalOutput(_controller, new DigitalOutputOptions { Pin = 54 }));
    }

    [Fact]
    public void An_emulated_input_tells_edges_to_those_who_listen()
    {
        var seen = new List<PinEventTypes>();
        _controller.OpenPin(4, PinMode.Input);
        _controller.RegisterCallbackForPinValueChangedEvent(4, PinEventTypes.Rising, (_, change) => seen.Add(change.ChangeType));

        _bench.Board.Gpio.Drive(4, high: true);
        _bench.Board.Gpio.Drive(4, high: true);
        _bench.Board.Gpio.Drive(4, high: false);

        Assert.Equal([PinEventTypes.Rising], seen);
        Assert.Equal([true, false], _edges.Where(edge => edge.Pin == 4).Select(edge => edge.IsRising));
        Assert.Equal(PinValue.Low, _controller.Read(4));
    }

    [Theory]
    [InlineData(PinMode.InputPullUp, true)]
    [InlineData(PinMode.InputPullDown, false)]
    public void An_undriven_input_follows_its_bias(PinMode mode, bool high)
    {
        _controller.OpenPin(5, mode);

        Assert.Equal(high, _controller.Read(5) == PinValue.High);
    }

    [Fact]
    public async Task A_wait_for_an_edge_ends_with_it()
    {
        _controller.OpenPin(6, PinMode.Input);
        Task<WaitForEventResult> waiting = Task.Run(() => _controller.WaitForEvent(6, PinEventTypes.Falling | PinEventTypes.Rising, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        bool high = false;
        while (!waiting.IsCompleted)
        {
            _bench.Board.Gpio.Drive(6, high = !high);
            await Task.Yield();
        }

        Assert.False((await waiting).TimedOut);
    }

    public void Dispose() => _controller.Dispose();
}
