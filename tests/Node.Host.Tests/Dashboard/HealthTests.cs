using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Actuation;
using Node.Host.Dashboard;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Dashboard;

public sealed class HealthTests : IDisposable
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private readonly TestNode _node = new(null, "climate", "cellar");
    private readonly UpdateLock _updates;

    public HealthTests() => _updates = new UpdateLock(null, () => false, _node.Time, NullLogger.Instance);

    public void Dispose()
    {
        _updates.Dispose();
        _node.Dispose();
    }

    [Fact]
    public async Task A_sick_sensor_and_a_lost_hub_are_shown_and_are_no_ill_health()
    {
        _node.Chips["cellar"].Failure = new SensorException(SensorFault.NoAcknowledge, "nothing answers");
        _node.Connect();
        await _node.SampleAsync(Cancelled);
        _node.Time.Advance(TimeSpan.FromHours(3));
        await _node.SampleAsync(Cancelled);
        Assert.Equal((true, "ok 1/2 sensors, hub up 3h, spool 2"), Check());

        _node.Client.Disconnect();
        _node.Loop.Turn();
        _node.Time.Advance(TimeSpan.FromHours(1));
        await _node.SampleAsync(Cancelled);

        Assert.Equal((true, "ok 1/2 sensors, hub down 1h, spool 3"), Check());
    }

    [Fact]
    public async Task Sampling_that_stands_still_is_ill_after_two_periods_and_well_again_with_the_next_sample()
    {
        await _node.SampleAsync(Cancelled);
        _node.Time.Advance(2 * _node.Climate.Setting.Interval - TimeSpan.FromMilliseconds(1));
        Assert.True(Check().IsHealthy);

        _node.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((false, "stalled: sensor climate was not sampled for 10 s"), Check());

        await _node.SampleAsync(Cancelled);
        Assert.True(Check().IsHealthy);
    }

    [Fact]
    public async Task A_chip_that_hangs_is_its_own_fault_and_not_the_loops()
    {
        _node.Chips["climate"].Hold = new TaskCompletionSource();
        Task hanging = _node.Climate.SampleAsync(Cancelled).AsTask();
        _node.Time.Advance(TimeSpan.FromSeconds(12));
        await _node.Sensors.Channels[1].SampleAsync(Cancelled);

        Assert.True(Check().IsHealthy, Check().Text);

        _node.Chips["climate"].Hold!.SetResult();
        await hanging;
    }

    [Fact]
    public void A_data_folder_that_is_gone_is_ill_and_the_text_stays_short()
    {
        var gone = new Health(_node.Options with { DataFolder = "/nowhere/" + new string('x', 200) }, _node.Clock, _node.Sensors, _node.Readings, _node.Link, _node.Spool, _updates);

        (bool isHealthy, string text) = gone.Check();

        Assert.False(isHealthy);
        Assert.StartsWith("the data folder /nowhere/", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 100);
    }

    [Fact]
    public void Safe_mode_is_named() =>
        Assert.EndsWith(", safe mode", Check(_node.Options.ForSafeMode()).Text, StringComparison.Ordinal);

    private (bool IsHealthy, string Text) Check(Node.Host.Configuration.NodeOptions? options = null) =>
        new Health(options ?? _node.Options, _node.Clock, _node.Sensors, _node.Readings, _node.Link, _node.Spool, _updates).Check();
}
