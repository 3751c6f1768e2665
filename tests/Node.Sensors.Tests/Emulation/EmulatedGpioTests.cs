using System.Device.Gpio;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class EmulatedGpioTests : IDisposable
{
    private const int Pin = 17;
    private readonly Bench _bench = new();
    private readonly GpioController _controller;

    public EmulatedGpioTests()
    {
        _controller = _bench.Buses.OpenGpio();
    }

    private EmulatedGpioChip Outside => _bench.Board.Gpio;

    public void Dispose() => _controller.Dispose();

    [Theory]
    [InlineData(PinMode.Input, null, false)]
    [InlineData(PinMode.InputPullDown, null, false)]
    [InlineData(PinMode.InputPullUp, null, true)]
    [InlineData(PinMode.InputPullUp, false, false)]
    [InlineData(PinMode.InputPullDown, true, true)]
    [InlineData(PinMode.Output, true, false)]
    public void The_level_follows_mode_bias_and_source(PinMode mode, bool? source, bool high)
    {
        _controller.OpenPin(Pin, mode);
        Outside.Drive(Pin, source);

        Assert.Equal(high ? PinValue.High : PinValue.Low, _controller.Read(Pin));
        Assert.Equal(high, Outside.IsHigh(Pin));
        Assert.Equal(mode, Outside.ModeOf(Pin));
    }

    [Fact]
    public void An_output_opened_high_never_shows_low()
    {
        List<PinEdge> edges = [];
        Outside.Drive(Pin, true);
        Outside.EdgeOccurred += (_, edge) => edges.Add(edge);

        _controller.OpenPin(Pin, PinMode.Output, PinValue.High);

        Assert.Empty(edges);
        Assert.True(Outside.IsHigh(Pin));
    }

    [Fact]
    public void A_shorted_output_reads_the_short()
    {
        _controller.OpenPin(Pin, PinMode.Output, PinValue.High);

        Outside.ShortCircuit(Pin, false);
        Assert.Equal(PinValue.Low, _controller.Read(Pin));
        Outside.ShortCircuit(Pin, null);

        Assert.Equal(PinValue.High, _controller.Read(Pin));
    }

    [Fact]
    public void Callbacks_hear_the_edges_they_asked_for_in_order()
    {
        List<PinEventTypes> both = [];
        List<PinEventTypes> falling = [];
        _controller.OpenPin(Pin, PinMode.Input);
        void OnFalling(object sender, PinValueChangedEventArgs edge) => falling.Add(edge.ChangeType);
        _controller.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Rising | PinEventTypes.Falling, (_, edge) => both.Add(edge.ChangeType));
        _controller.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Falling, OnFalling);

        foreach (bool high in new[] { true, true, false, true }) { Outside.Drive(Pin, high); }

        _controller.UnregisterCallbackForPinValueChangedEvent(Pin, OnFalling);
        Outside.Drive(Pin, false);

        Assert.Equal([PinEventTypes.Rising, PinEventTypes.Falling, PinEventTypes.Rising, PinEventTypes.Falling], both);
        Assert.Equal([PinEventTypes.Falling], falling);
    }

    [Fact]
    public void A_hundred_thousand_edges_are_neither_lost_nor_reordered()
    {
        long last = 0;
        TimeSpan lastAt = TimeSpan.Zero;
        bool inOrder = true;
        int heard = 0;
        _controller.OpenPin(Pin, PinMode.Input);
        _controller.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Rising | PinEventTypes.Falling, (_, _) => heard++);
        Outside.EdgeOccurred += (_, edge) =>
        {
            inOrder &= edge.Sequence == last + 1 && edge.At > lastAt && edge.IsRising == (edge.Sequence % 2 == 1);
            (last, lastAt) = (edge.Sequence, edge.At);
        };

        for (int i = 0; i < 100_000; i++)
        {
            _bench.Clock.Advance(TimeSpan.FromMicroseconds(10));
            Outside.Drive(Pin, i % 2 == 0);
        }

        Assert.True(inOrder);
        Assert.Equal(100_000, last);
        Assert.Equal(100_000, heard);
        Assert.Equal(TimeSpan.FromSeconds(1), lastAt);
    }

    [Fact]
    public async Task Edges_from_several_threads_are_told_one_at_a_time_without_gaps()
    {
        long last = 0;
        bool inOrder = true;
        Outside.EdgeOccurred += (_, edge) => inOrder &= edge.Sequence == ++last;
        CancellationToken cancelled = TestContext.Current.CancellationToken;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(pin => Task.Run(() =>
        {
            for (int i = 0; i < 5_000; i++) { Outside.Drive(pin, i % 2 == 0); }
        }, cancelled))).WaitAsync(TimeSpan.FromSeconds(30), cancelled);

        Assert.True(inOrder);
        Assert.Equal(20_000, last);
    }

    [Fact]
    public async Task Waiting_ends_with_the_next_edge_of_the_wanted_kind()
    {
        _controller.OpenPin(Pin, PinMode.InputPullUp);
        ValueTask<WaitForEventResult> wait = _controller.WaitForEventAsync(Pin, PinEventTypes.Rising, TestContext.Current.CancellationToken);

        Outside.Drive(Pin, false);
        Assert.False(wait.IsCompleted);
        Outside.Drive(Pin, true);
        WaitForEventResult result = await wait.AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.False(result.TimedOut);
        Assert.Equal(PinEventTypes.Rising, result.EventTypes);
    }

    [Fact]
    public void Waiting_in_vain_ends_with_cancellation()
    {
        _controller.OpenPin(Pin, PinMode.Input);
        using CancellationTokenSource stop = new();
        stop.Cancel();

        WaitForEventResult result = _controller.WaitForEvent(Pin, PinEventTypes.Rising, stop.Token);

        Assert.True(result.TimedOut);
        Assert.Equal(PinEventTypes.None, result.EventTypes);
    }

    [Fact]
    public void An_output_reports_no_edges_to_the_program()
    {
        _controller.OpenPin(Pin, PinMode.Output);

        Assert.Throws<InvalidOperationException>(() =>
            _controller.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Rising, static (_, _) => { }));
    }

    [Fact]
    public void A_pin_held_by_one_program_is_busy_for_another_until_it_is_closed()
    {
        using GpioController other = _bench.Buses.OpenGpio();
        _controller.OpenPin(Pin, PinMode.Output, PinValue.High);

        IOException busy = Assert.Throws<IOException>(() => other.OpenPin(Pin));
        _controller.ClosePin(Pin);
        other.OpenPin(Pin);

        Assert.Contains("16 (", busy.Message, StringComparison.Ordinal);
        Assert.Equal(PinValue.High, other.Read(Pin));
    }

    [Fact]
    public void A_disposed_controller_frees_its_pins_and_hears_no_more()
    {
        int heard = 0;
        _controller.OpenPin(Pin, PinMode.Input);
        _controller.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Rising, (_, _) => heard++);

        _controller.Dispose();
        Outside.Drive(Pin, true);
        using GpioController other = _bench.Buses.OpenGpio();
        other.OpenPin(Pin);

        Assert.Equal(0, heard);
    }

    [Theory, InlineData(-1), InlineData(54)]
    public void A_pin_that_does_not_exist_is_the_callers_mistake(int pin)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _controller.OpenPin(pin));
        Assert.Throws<ArgumentOutOfRangeException>(() => Outside.Drive(pin, true));
    }
}
