using Microsoft.Extensions.DependencyInjection;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Tests.TestKit;
using Quartz;

namespace Node.Host.Tests.Cadence;

/// <summary>The triggers as Quartz holds them; its waiting follows the real clock and is not tested here, so the scheduler never starts.</summary>
public sealed class NodeScheduleTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_sensor_has_a_trigger_of_its_own_at_its_interval_or_by_its_calendar()
    {
        Assert.True(CronSchedule.TryParse("*/15 * * * *", out CronSchedule? cron, out _));
        await using var rig = await ScheduleRig.CreateAsync(options => options.Name == "b" ? options with { Cron = cron } : options);

        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsAssignableFrom<ISimpleTrigger>(await rig.TriggerAsync("a")).RepeatInterval);
        Assert.Equal("0 */15 * * * ?", Assert.IsAssignableFrom<ICronTrigger>(await rig.TriggerAsync("b")).CronExpressionString);
    }

    [Fact]
    public async Task A_changed_calendar_moves_its_own_trigger_and_no_other()
    {
        await using var rig = await ScheduleRig.CreateAsync(options => options);
        ITrigger other = await rig.TriggerAsync("b");
        Assert.True(CronSchedule.TryParse("0 6 * * *", out CronSchedule? cron, out _));
        rig.Node.Climate.Setting = rig.Node.Climate.Setting with { Cron = cron };

        await rig.Schedule.ConvergeAsync(TimeSpan.FromSeconds(1), Cancelled);
        Assert.IsAssignableFrom<ICronTrigger>(await rig.TriggerAsync("a"));
        rig.Node.Climate.Setting = rig.Node.Climate.Setting with { Cron = null };
        await rig.Schedule.ConvergeAsync(TimeSpan.FromSeconds(1), Cancelled);

        Assert.IsAssignableFrom<ISimpleTrigger>(await rig.TriggerAsync("a"));
        Assert.Equal(other.StartTimeUtc, (await rig.TriggerAsync("b")).StartTimeUtc);
    }

    [Fact]
    public async Task A_schedule_begun_anew_has_a_new_job_so_that_one_that_hangs_holds_up_nothing()
    {
        await using var rig = await ScheduleRig.CreateAsync(options => options);

        await rig.Schedule.RestartAsync(rig.Node.Climate, Cancelled);
        await rig.Schedule.RestartAsync(rig.Node.Climate, Cancelled);

        var jobs = await rig.Scheduler.GetJobKeys(GroupMatcher<JobKey>.GroupEquals(NodeSchedule.SensorGroup), Cancelled);
        Assert.Equal(["a~2", "b"], jobs.Select(key => key.Name).Order());
        Assert.Equal(2, rig.Node.Climate.Restarts);
        Assert.IsAssignableFrom<ISimpleTrigger>(await rig.TriggerAsync("a~2"));
        rig.Node.Climate.Setting = rig.Node.Climate.Setting with { Interval = TimeSpan.FromSeconds(9) };
        await rig.Schedule.ConvergeAsync(TimeSpan.FromSeconds(1), Cancelled);
        Assert.Equal(TimeSpan.FromSeconds(9), Assert.IsAssignableFrom<ISimpleTrigger>(await rig.TriggerAsync("a~2")).RepeatInterval);
    }

    private sealed class ScheduleRig(TestNode node, NodeSchedule schedule, IScheduler scheduler, ServiceProvider services) : IAsyncDisposable
    {
        public TestNode Node => node;

        public NodeSchedule Schedule => schedule;

        public IScheduler Scheduler => scheduler;

        public static async Task<ScheduleRig> CreateAsync(Func<SensorOptions, SensorOptions> change)
        {
            var node = new TestNode(null, ["a", "b"], change);
            ServiceProvider services = new ServiceCollection().AddLogging().AddQuartz().BuildServiceProvider();
            ISchedulerFactory factory = services.GetRequiredService<ISchedulerFactory>();
            var schedule = new NodeSchedule(factory, node.Sensors, TimeProvider.System);
            await schedule.CreateAsync(TimeSpan.FromSeconds(1), hasHub: true, Cancelled);
            return new ScheduleRig(node, schedule, await factory.GetScheduler(Cancelled), services);
        }

        public async Task<ITrigger> TriggerAsync(string name) => (await scheduler.GetTrigger(new TriggerKey(name, NodeSchedule.SensorGroup), Cancelled))!;

        public async ValueTask DisposeAsync()
        {
            await scheduler.Shutdown(false, CancellationToken.None);
            schedule.Dispose();
            node.Dispose();
            await services.DisposeAsync();
        }
    }
}
