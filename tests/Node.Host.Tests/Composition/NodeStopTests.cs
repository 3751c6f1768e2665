using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Cadence;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Tests.Endurance;
using Node.Host.Tests.TestKit;
using Node.Host.Upload;
using Node.HubClient;
using Node.Sensors.Actuators;

namespace Node.Host.Tests.Composition;

/// <summary>How long a stop takes and in which order, on virtual time: no load of the machine counts.</summary>
public sealed class NodeStopTests : IDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(5);

    private readonly TestNode _node = new(null, [], null, [new ActuatorOptions { Name = "led", Pin = 17, NeedsRearming = true, Limits = new OutputLimits() }]);
    private readonly SensorTime _watched;
    private readonly NodeClock _clock;
    private readonly UpdateLock _updates;
    private readonly NodeService _service;
    private readonly LoggerFactory _loggers;
    private readonly string _boots;

    public NodeStopTests()
    {
        _loggers = new LoggerFactory([_node.Logs]);
        _boots = Directory.CreateDirectory(_node.Folder.File("starts")).FullName;
        _watched = new SensorTime(_node.Time, Timeout.InfiniteTimeSpan);
        _clock = new NodeClock(_watched, default, TimeSpan.Zero);
        _updates = new UpdateLock(null, () => false, _node.Time, _node.Logs.CreateLogger("Node.Actuation"));
        _service = Service(static work => work());
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _service.Dispose();
        _updates.Dispose();
        _node.Dispose();
        _loggers.Dispose();
    }

    [Fact]
    public async Task A_hub_that_has_everything_is_not_waited_for_and_was_told_the_last_state()
    {
        _node.Connect();
        _node.StoreReported();
        _node.Client.Call("led*setState", "true");
        await _node.SampleAsync(Cancelled);

        TimeSpan took = await StopAsync(answers: true);

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.False(_node.Board.Gpio.IsHigh(17));
        Assert.Equal(("off", "the program stops"), ((string)_node.Reported()["led"]!["state"]!, (string)_node.Reported()["led"]!["cause"]!));
        Assert.Equal((0, true), (_node.Spool.Statistics.Depth, _node.Client.IsDisposed));
        Assert.Equal("{\"bad\":0}", File.ReadAllText(Path.Combine(_boots, "boot.json"))); // A stop says nothing bad about a start.
        Assert.Equal("{}", File.ReadAllText(_node.Folder.File("actuators.json"))); // Nothing waits to be armed.
    }

    [Fact]
    public async Task A_hub_that_takes_everything_and_answers_nothing_is_given_up_in_time_and_loses_nothing()
    {
        _node.Connect();
        _node.Client.Call("led*setState", "true");
        await _node.SampleAsync(Cancelled);
        _node.Loop.Turn();
        bool isOff = false;
        _node.Actuators.Changed = () => isOff |= !_node.Board.Gpio.IsHigh(17);
        TimeSpan before = _node.Clock.Uptime;

        Task stop = _service.StopAsync(CancellationToken.None);
        TimeSpan safeAfter = isOff || !_node.Board.Gpio.IsHigh(17) ? _node.Clock.Uptime - before : Budget;
        TimeSpan took = await EndAsync(stop, before, answers: false);

        Assert.Equal(TimeSpan.Zero, safeAfter);
        Assert.InRange(took, TimeSpan.FromSeconds(2), Budget - TimeSpan.FromSeconds(1));
        Assert.Equal((1, true), (_node.Spool.Statistics.Depth, _node.Client.IsDisposed));
    }

    [Fact]
    public async Task A_backlog_that_does_not_fit_is_kept_for_the_next_start()
    {
        _node.Connect();
        for (int sample = 0; sample < 1_000; sample++)
        {
            await _node.SampleAsync(Cancelled);
        }

        TimeSpan took = await StopAsync(answers: false);

        Assert.InRange(took, TimeSpan.FromSeconds(2), Budget - TimeSpan.FromSeconds(1));
        Assert.Equal(1_000, _node.Spool.Statistics.Depth);
        Assert.Contains(_node.Logs.Entries, entry => entry.Text.EndsWith("kept for the next start: 1000", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_a_connection_nothing_is_waited_for()
    {
        await _node.SampleAsync(Cancelled);

        TimeSpan took = await StopAsync(answers: false);

        Assert.InRange(took, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(1, _node.Spool.Statistics.Depth);
    }

    [Fact]
    public async Task A_sample_that_hangs_is_given_up_at_once()
    {
        _node.Chips["climate"].Hold = new TaskCompletionSource();
        Task sample = _node.Climate.SampleAsync(CancellationToken.None).AsTask();

        await StopAsync(answers: true);
        await sample.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, Cancelled); // Else its timeout of 30 s would be waited for, which here never comes.
        await _node.Climate.SampleAsync(CancellationToken.None);

        Assert.Equal(1, _node.Chips["climate"].Measurements);
    }

    [Fact]
    public async Task A_turn_that_hangs_is_left_behind()
    {
        _node.Connect();
        using var hang = new ManualResetEventSlim();
        using var hangs = new ManualResetEventSlim();
        var hanging = new Thread(() => _node.Loop.Between(() =>
        {
            hangs.Set();
            return hang.Wait(TimeSpan.FromMinutes(5));
        }));
        hanging.Start();
        hangs.Wait(Cancelled);
        using NodeService service = Service(offload: null);

        TimeSpan before = _node.Clock.Uptime;
        TimeSpan took = await EndAsync(service.StopAsync(CancellationToken.None), before, answers: false, timers: 1);
        hang.Set();
        hanging.Join();

        Assert.InRange(took, TimeSpan.FromSeconds(3), Budget - TimeSpan.FromMilliseconds(500));
        Assert.False(_node.Board.Gpio.IsHigh(17));
        Assert.Contains(_node.Logs.Entries, entry => entry.Text.StartsWith("The hub client hangs and is left behind", StringComparison.Ordinal));
    }

    private Task<TimeSpan> StopAsync(bool answers) => EndAsync(_service.StopAsync(CancellationToken.None), _node.Clock.Uptime, answers);

    private NodeService Service(Offload? offload) => new(
        _node.Options, _node.Spool, _node.Sensors, _node.Actuators, _node.Readings, _node.Link, new NodeSchedule(null!, _node.Sensors, _node.Time), _node.Cadence, _clock,
        new DailyTraffic(_node.Folder.Path, _node.Clock, _node.Logs.CreateLogger("Node.Upload")), _updates, BootRecord.Begin(_boots, 10),
        new Logger<NodeService>(_loggers), _node.Loop, offload: offload);

    /// <summary>
    /// Lets virtual time pass until the stop has ended, and only while the stop waits for it: for the next turn within its limit, or where a
    /// turn hangs for the limit alone. Gives how much of it passed.
    /// </summary>
    private async Task<TimeSpan> EndAsync(Task stop, TimeSpan before, bool answers, int timers = 2)
    {
        while (!stop.IsCompleted && _node.Clock.Uptime - before < TimeSpan.FromMinutes(1))
        {
            if (_watched.Waiting < timers)
            {
                await Task.Yield();
                continue;
            }

            if (answers)
            {
                _node.Client.EndTelemetry(SendConfirmation.Ok);
                _node.Client.EndReported(204);
            }

            _node.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        await stop;
        return _node.Clock.Uptime - before;
    }
}
