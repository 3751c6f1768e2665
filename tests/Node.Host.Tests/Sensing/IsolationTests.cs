using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.Sensors.Bus;

namespace Node.Host.Tests.Sensing;

public sealed class IsolationTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_chip_that_hangs_is_given_up_and_becomes_degraded_then_failed_and_recovers_from_a_fresh_start()
    {
        using var node = new TestNode();
        var chip = new HangingSensor { Hangs = true };
        using SensorChannel channel = Channel(node, chip);

        List<SensorState> states = [];
        for (int i = 0; i < 4; i++)
        {
            await SampleThroughAsync(node, channel);
            states.Add(channel.Status.State);
            node.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal([SensorState.Degraded, SensorState.Degraded, SensorState.Failed, SensorState.Failed], states);
        Assert.Equal((2, 2), (chip.Opened, chip.Measurements)); // No further one is begun while two hang.
        Assert.Contains("2 earlier measurements still hang", channel.Status.Reason, StringComparison.Ordinal);

        chip.Hangs = false;
        chip.LetGo();
        await SampleThroughAsync(node, channel);

        Assert.Equal((SensorState.Ok, 3, 2), (channel.Status.State, chip.Opened, chip.Disposed));
    }

    [Fact]
    public async Task What_is_wrong_with_a_hanging_chip_names_it_its_deadline_and_what_helps()
    {
        using var node = new TestNode();
        using SensorChannel channel = Channel(node, new HangingSensor { Hangs = true });

        await SampleThroughAsync(node, channel);

        Assert.Equal("vent: gave no answer within 2 s and was given up; check the wiring, or raise Node:Sensors:vent:Timeout.", channel.Status.Reason);
        Assert.Equal(Quality.Good, channel.Status.Quality); // There is no earlier value that could be stale.
    }

    [Fact]
    public async Task A_chip_that_blocks_its_thread_blocks_nobody_elses()
    {
        using var node = new TestNode();
        using var blocked = new ManualResetEventSlim();
        var options = new SensorOptions { Name = "vent", Chip = "BME280", Timeout = TimeSpan.FromSeconds(2) };
        using var channel = new SensorChannel(options, () =>
        {
            blocked.Wait(Cancelled);
            throw new SensorException(SensorFault.NoAcknowledge, "at last");
        }, node.Readings, node.Clock, NullLogger.Instance);

        await SampleThroughAsync(node, channel);

        Assert.Equal(SensorState.Degraded, channel.Status.State);
        blocked.Set();
    }

    [Theory]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(NullReferenceException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task Whatever_a_driver_throws_is_its_sensors_failure_and_is_retried(Type thrown)
    {
        using var node = new TestNode();
        bool isBroken = true;
        using var channel = new SensorChannel(
            new SensorOptions { Name = "vent", Chip = "BME280" }, () => isBroken ? throw (Exception)Activator.CreateInstance(thrown)! : new ScriptedSensor(),
            node.Readings, node.Clock, NullLogger.Instance, work => work());

        await channel.SampleAsync(Cancelled);
        SensorStatus broken = channel.Status;
        isBroken = false;
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await channel.SampleAsync(Cancelled);

        Assert.Equal((SensorState.Degraded, 1), (broken.State, broken.Failures));
        Assert.StartsWith(thrown.Name, broken.Reason, StringComparison.Ordinal);
        Assert.Equal(SensorState.Ok, channel.Status.State);
    }

    [Theory]
    [InlineData(StartupBehaviour.Retry, SensorState.Degraded, 2)]
    [InlineData(StartupBehaviour.Ignore, SensorState.Ignored, 1)]
    internal async Task What_cannot_be_read_at_the_start_is_retried_or_left_alone_as_configured(StartupBehaviour startup, SensorState expected, int initialisations)
    {
        using var node = new TestNode(null, ["climate"], options => options with { Startup = startup });
        node.Chips["climate"].Failure = Failures.Nack();

        await node.SampleAsync(Cancelled);
        node.Time.Advance(TimeSpan.FromMinutes(1));
        await node.SampleAsync(Cancelled);

        Assert.Equal((expected, initialisations), (node.Climate.Status.State, node.Chips["climate"].Initialisations));
    }

    [Fact]
    public async Task An_ignored_sensor_that_is_enabled_anew_gets_another_chance()
    {
        using var node = new TestNode(null, ["climate"], options => options with { Startup = StartupBehaviour.Ignore });
        node.Chips["climate"].Failure = Failures.Nack();
        await node.SampleAsync(Cancelled);
        node.Chips["climate"].Failure = null;

        node.Climate.Setting = node.Climate.Setting with { Enabled = false };
        node.Climate.Setting = node.Climate.Setting with { Enabled = true };
        await node.SampleAsync(Cancelled);

        Assert.Equal(SensorState.Ok, node.Climate.Status.State);
    }

    [Fact]
    public async Task A_sensor_that_was_well_once_is_never_ignored()
    {
        using var node = new TestNode(null, ["climate"], options => options with { Startup = StartupBehaviour.Ignore });
        await node.SampleAsync(Cancelled);
        node.Chips["climate"].Failure = Failures.Nack();
        node.Time.Advance(TimeSpan.FromSeconds(5));
        await node.SampleAsync(Cancelled);

        Assert.Equal((SensorState.Degraded, Quality.Stale), (node.Climate.Status.State, node.Climate.Status.Quality));
    }

    [Fact]
    public async Task The_supervisor_begins_a_schedule_anew_that_stands_still_and_no_other()
    {
        using var node = new TestNode(null, "still", "beating");
        var restarted = new List<string>();
        var supervisor = new ScheduleSupervisor(node.Sensors, (sensor, _) =>
        {
            restarted.Add(sensor.Name);
            return Task.CompletedTask;
        }, node.Time, NullLogger.Instance);

        for (int second = 0; second < 60; second++)
        {
            if (second % 5 == 0)
            {
                await node.Sensors.Channels[1].SampleAsync(Cancelled);
            }

            await supervisor.RoundAsync(Cancelled);
            node.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["still", "still", "still"], restarted); // At 16, 32 and 48 s: each restart has the time to help that the schedule had.
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Through_24_virtual_hours_of_random_faults_every_reading_is_accounted_for_and_nothing_grows(int seed)
    {
        string[] names = ["a", "b", "c", "d", "e", "f", "g", "h"];
        using var node = new TestNode(null, names);
        var chance = new Random(seed);
        var expected = names.ToDictionary(name => name, _ => 0);
        var attempts = names.ToDictionary(name => name, _ => 0);
        long before = 0;

        for (int minute = 0; minute < 24 * 60; minute++)
        {
            foreach (SensorChannel channel in node.Sensors.Channels)
            {
                ScriptedSensor chip = node.Chips[channel.Name];
                chip.Failure = chance.Next(10) == 0 ? Failures.Nack() : null;
                chip.Celsius = chance.Next(40) == 0 ? double.NaN : 20 + chance.NextDouble();
                int failures = channel.Status.Failures;
                await channel.SampleAsync(Cancelled);
                attempts[channel.Name]++;
                expected[channel.Name] += channel.Status.State == SensorState.Ok ? 1 : 0;
                Assert.True(channel.Status.Failures == 0 || channel.Status.Failures > failures, "a minute is longer than any pause, so every sample is tried");
            }

            node.Time.Advance(TimeSpan.FromMinutes(1));
            before = minute == 120 ? GC.GetTotalMemory(forceFullCollection: true) : before;
        }

        await node.Spool.FlushAsync(Cancelled);
        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;

        var taken = new List<SpooledMessage>();
        node.Spool.TakeUnsent(taken, 100_000);
        Assert.Equal(expected, taken.GroupBy(message => message.Component).ToDictionary(group => group.Key, group => group.Count()));
        Assert.Equal(expected.Values.Sum(), node.Readings.Readings);
        Assert.All(attempts.Values, count => Assert.Equal(24 * 60, count));
        Assert.InRange(expected.Values.Min(), 1, (24 * 60) - 1);
        Assert.True(grown < 16 << 20, $"{grown >> 20} MiB more after 24 hours than after two");
    }

    private static SensorChannel Channel(TestNode node, HangingSensor chip) => new(
        new SensorOptions { Name = "vent", Chip = "BME280", Timeout = TimeSpan.FromSeconds(2) }, chip.Open, node.Readings, node.Clock, NullLogger.Instance, work => work());

    /// <summary>A sample during which time passes, so that its deadline can come.</summary>
    private static async Task SampleThroughAsync(TestNode node, SensorChannel channel)
    {
        Task sample = channel.SampleAsync(Cancelled).AsTask();
        while (!sample.IsCompleted)
        {
            node.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await sample;
    }
}
