using System.Collections.Concurrent;
using System.Device.Gpio;
using HilRig.Bench;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Gpio;
using Node.Sensors.Bus.Remote;

namespace HilRig.Tests.BusServer;

/// <summary>Lines over the remote bus: who holds them, what stays when a program dies, and which edges are heard.</summary>
public sealed class RemoteGpioTests
{
    private const int Pin = 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_output_takes_its_first_level_without_another_one_before()
    {
        await using var fixture = new ServedBoardFixture();
        var edges = new List<bool>();
        fixture.Served.Board.Gpio.EdgeOccurred += (_, edge) => edges.Add(edge.IsRising);
        using GpioController gpio = fixture.Connect().OpenGpio();

        gpio.OpenPin(Pin, PinMode.Output, PinValue.High);
        gpio.Write(Pin, PinValue.Low);

        Assert.Equal([true, false], edges);
        Assert.Equal(PinValue.Low, gpio.Read(Pin));
        Assert.Equal(PinMode.Output, gpio.GetPinMode(Pin));
    }

    [Fact]
    public async Task A_line_has_one_holder_and_is_free_again_with_its_level_when_that_one_is_gone()
    {
        await using var fixture = new ServedBoardFixture();
        using GpioController second = fixture.Connect().OpenGpio();
        GpioController first = fixture.Connect().OpenGpio();
        first.OpenPin(Pin, PinMode.Output, PinValue.High);

        IOException taken = Assert.Throws<IOException>(() => second.OpenPin(Pin));
        first.Dispose();
        second.OpenPin(Pin);

        Assert.StartsWith("Error 16 (", taken.Message, StringComparison.Ordinal);
        Assert.Equal(PinMode.Output, second.GetPinMode(Pin));
        Assert.True(fixture.Served.Board.Gpio.IsHigh(Pin));
    }

    [Fact]
    public async Task After_a_cut_the_pins_are_asked_for_again_with_mode_and_level()
    {
        await using var fixture = new ServedBoardFixture();
        using GpioController gpio = fixture.Connect().OpenGpio();
        gpio.OpenPin(Pin, PinMode.Output, PinValue.High);
        gpio.OpenPin(Pin + 1, PinMode.InputPullUp);

        fixture.Served.CutConnections();
        Assert.ThrowsAny<IOException>(() => gpio.Read(Pin));

        Assert.Equal(PinValue.High, gpio.Read(Pin));
        Assert.Equal(PinValue.High, gpio.Read(Pin + 1));
        gpio.Write(Pin, PinValue.Low);
        Assert.False(fixture.Served.Board.Gpio.IsHigh(Pin));
    }

    [Fact]
    public async Task Every_edge_is_heard_once_in_its_order_with_number_and_time()
    {
        await using var fixture = new ServedBoardFixture();
        using var driver = new RemoteGpio(fixture);
        driver.Listen(Pin);

        for (int i = 0; i < 1000; i++)
        {
            fixture.Served.Board.Gpio.Drive(Pin, i % 2 == 0);
        }

        RemoteEdge[] edges = await driver.TakeAsync(1000);
        Assert.Equal(Enumerable.Range(1, 1000).Select(static number => (long)number), edges.Select(static edge => edge.Number));
        Assert.All(edges, static edge => Assert.Equal(edge.Number % 2 == 1, edge.IsRising));
        Assert.Equal(edges.Select(static edge => edge.At).Order(), edges.Select(static edge => edge.At));
        Assert.Empty(driver.Gaps);
    }

    [Fact]
    public async Task Edges_that_happen_while_the_link_is_down_are_told_as_missed()
    {
        await using var fixture = new ServedBoardFixture();
        using var driver = new RemoteGpio(fixture);
        driver.Listen(Pin);
        fixture.Served.Board.Gpio.Drive(Pin, true);
        await driver.TakeAsync(1);

        await fixture.Served.StopListeningAsync();
        fixture.Served.Board.Gpio.Drive(Pin, false);
        fixture.Served.Board.Gpio.Drive(Pin, true);
        fixture.Served.Board.Gpio.Drive(Pin, false);
        fixture.Served.ResumeListening();
        RemoteEdgeGap gap = await driver.GapAsync();
        fixture.Served.Board.Gpio.Drive(Pin, true);

        Assert.Equal(new RemoteEdgeGap(Pin, 3, IsRestarted: false), gap);
        Assert.Equal(5, (await driver.TakeAsync(1))[0].Number);
    }

    [Fact]
    public async Task A_callback_gets_time_number_and_gap_even_through_a_recording()
    {
        await using var fixture = new ServedBoardFixture();
        var told = new BlockingCollection<TimedPinEdge>();
        using var recorded = new RecordingBusProvider(fixture.Connect(), new BusTraceWriter(TextWriter.Null, "remote", TimeProvider.System));
        using GpioController gpio = recorded.OpenGpio();
        gpio.OpenPin(Pin, PinMode.Input);
        gpio.RegisterCallbackForPinValueChangedEvent(Pin, PinEventTypes.Rising | PinEventTypes.Falling, (_, edge) => told.Add(Assert.IsType<TimedPinEdge>(edge)));

        fixture.Served.Board.Gpio.Drive(Pin, true);
        TimedPinEdge first = await TakeAsync(told);
        await fixture.Served.StopListeningAsync();
        fixture.Served.Board.Gpio.Drive(Pin, false);
        fixture.Served.Board.Gpio.Drive(Pin, true);
        fixture.Served.ResumeListening();
        await UntilWatchedAsync(fixture);
        fixture.Served.Board.Gpio.Drive(Pin, false);
        TimedPinEdge second = await TakeAsync(told);

        Assert.Equal((1u, 0L), (first.Sequence, first.LostBefore));
        Assert.Equal((4u, 2L, PinEventTypes.Falling), (second.Sequence, second.LostBefore, second.ChangeType));
        Assert.True(second.At > first.At);
    }

    [Fact]
    public async Task Waiting_for_an_edge_ends_with_the_wanted_one_or_with_the_token()
    {
        await using var fixture = new ServedBoardFixture();
        using GpioController gpio = fixture.Connect().OpenGpio();
        gpio.OpenPin(Pin, PinMode.Input);
        using var soon = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);

        WaitForEventResult none = await gpio.WaitForEventAsync(Pin, PinEventTypes.Falling, soon.Token);
        Task<WaitForEventResult> waiting = gpio.WaitForEventAsync(Pin, PinEventTypes.Falling, TestContext.Current.CancellationToken).AsTask();
        fixture.Served.Board.Gpio.Drive(Pin, true);
        fixture.Served.Board.Gpio.Drive(Pin, false);

        Assert.True(none.TimedOut);
        Assert.Equal(PinEventTypes.Falling, (await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken)).EventTypes);
    }

    [Fact]
    public async Task A_controller_without_a_server_fails_with_a_text_and_works_once_there_is_one()
    {
        await using var fixture = new ServedBoardFixture();
        await fixture.Served.StopListeningAsync();
        using GpioController gpio = fixture.Connect().OpenGpio();

        IOException away = Assert.ThrowsAny<IOException>(() => gpio.OpenPin(Pin));
        fixture.Served.ResumeListening();
        gpio.OpenPin(Pin, PinMode.InputPullUp);

        Assert.Contains("hilrig bus serve", away.Message, StringComparison.Ordinal);
        Assert.Equal(PinValue.High, gpio.Read(Pin));
    }

    private static Task<T> TakeAsync<T>(BlockingCollection<T> from) => Task.Run(
        () => from.TryTake(out T? taken, (int)Patience.TotalMilliseconds, TestContext.Current.CancellationToken) ? taken : throw new TimeoutException("nothing was told"),
        TestContext.Current.CancellationToken);

    private static async Task UntilWatchedAsync(ServedBoardFixture fixture) => Assert.True(await Waiting.UntilAsync(
        () => fixture.Served.IsWatched(Pin), Patience, TimeProvider.System, TestContext.Current.CancellationToken));

    /// <summary>A driver with the edges and gaps that it told.</summary>
    private sealed class RemoteGpio : IDisposable
    {
        private readonly BlockingCollection<RemoteEdge> _edges = [];
        private readonly BlockingCollection<RemoteEdgeGap> _gaps = [];
        private readonly RemoteGpioDriver _driver;
        private readonly GpioController _controller;

        public RemoteGpio(ServedBoardFixture fixture)
        {
            _driver = fixture.Connect().CreateGpioDriver();
            _driver.EdgeReceived += (_, edge) => _edges.Add(edge);
            _driver.EdgesMissed += (_, gap) => _gaps.Add(gap);
            _controller = new GpioController(_driver);
        }

        public IEnumerable<RemoteEdgeGap> Gaps => _gaps;

        public void Listen(int pin)
        {
            _controller.OpenPin(pin, PinMode.Input);
            _controller.RegisterCallbackForPinValueChangedEvent(pin, PinEventTypes.Rising | PinEventTypes.Falling, static (_, _) => { });
        }

        public Task<RemoteEdge[]> TakeAsync(int count) => Task.Run(() => Enumerable.Range(0, count).Select(_ => Take(_edges)).ToArray(), TestContext.Current.CancellationToken);

        public Task<RemoteEdgeGap> GapAsync() => Task.Run(() => Take(_gaps), TestContext.Current.CancellationToken);

        public void Dispose() => _controller.Dispose();

        private static T Take<T>(BlockingCollection<T> from) =>
            from.TryTake(out T? taken, (int)Patience.TotalMilliseconds, TestContext.Current.CancellationToken) ? taken : throw new TimeoutException("nothing was told");
    }
}
