using Microsoft.Extensions.DependencyInjection;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Sensing;
using Quartz;

namespace Node.Host.Composition;

/// <summary>What sets the pace: Quartz, its jobs and the schedule that follows the settings in force.</summary>
internal static class CadenceServices
{
    public static IServiceCollection AddCadence(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(provider => new WorkCadence(options.DoWorkInterval, provider.GetRequiredService<NodeClock>().Time));
        services.AddSingleton(provider => new NodeSchedule(
            provider.GetRequiredService<ISchedulerFactory>(), provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<NodeClock>().Time));
        services.AddSingleton(provider => new ScheduleSupervisor(
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<NodeSchedule>().RestartAsync,
            provider.GetRequiredService<NodeClock>().Time, provider.Logger("Node.Cadence")));
        if (options.Hub.IsConfigured)
        {
            services.AddSingleton(provider => new HubWatch(
                provider.GetRequiredService<IHubClient>(), provider.GetRequiredService<NodeSchedule>().Nudge, provider.GetRequiredService<NodeClock>().Time));
        }

        services.AddTransient<DoWorkJob>();
        services.AddTransient<SampleJob>();
        services.AddTransient<SupervisorJob>();
        services.AddTransient<FilterTurnJob>();
        services.AddQuartz(quartz => quartz.UseInMemoryStore());
        services.AddQuartzHostedService(hosted => hosted.WaitForJobsToComplete = true);
        return services;
    }
}
