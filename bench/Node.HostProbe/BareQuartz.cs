using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Node.HostProbe;

/// <summary>A generic host with one Quartz job that does nothing: what the node's cadence costs without a node.</summary>
internal static class BareQuartz
{
    /// <summary>Fires until the standard input ends.</summary>
    public static async Task RunAsync(TimeSpan period)
    {
        HostApplicationBuilder builder = Microsoft.Extensions.Hosting.Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddQuartz(quartz => quartz.UseInMemoryStore());
        builder.Services.AddQuartzHostedService();
        builder.Services.AddTransient<IdleJob>();
        using IHost host = builder.Build();
        IScheduler scheduler = await host.Services.GetRequiredService<ISchedulerFactory>().GetScheduler();
        await scheduler.ScheduleJob(
            JobBuilder.Create<IdleJob>().WithIdentity("idle").Build(),
            TriggerBuilder.Create().WithSimpleSchedule(schedule => schedule.WithInterval(period).RepeatForever()).Build());
        await host.StartAsync();
        Console.Out.WriteLine("ready");
        while (Console.In.Read() >= 0)
        {
            // until the parent closes the stream
        }

        await host.StopAsync();
    }

    [DisallowConcurrentExecution]
    private sealed class IdleJob : IJob
    {
        public ValueTask Execute(IJobExecutionContext context, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;
    }
}
