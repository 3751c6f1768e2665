using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Node.Host.Actuation;
using Node.Host.Dashboard;
using Node.Host.Observability;

namespace Node.Host.Composition;

/// <summary>What tells others how the node fares: meters, Prometheus text, the service manager, the update lock.</summary>
internal static class ObservabilityServices
{
    public static IServiceCollection AddObservability(this IServiceCollection services, ConfigurationReload reload)
    {
        services.AddSingleton<NodeMeters>();
        services.AddSingleton<SensingMeter>();
        services.AddSingleton(provider => new HubMeter(provider.GetRequiredService<NodeMeters>(), provider.GetRequiredService<NodeClock>().Time));
        services.AddSingleton<NodeGauges>();
        services.AddSingleton<PrometheusCollector>();
        services.AddSingleton(provider => new UpdateLock(
            Environment.GetEnvironmentVariable(UpdateLock.Variable), () => provider.GetRequiredService<ActuatorBank>().IsAnyWorking,
            provider.GetRequiredService<NodeClock>().Time, provider.Logger("Node.Actuation")));
        services.AddSingleton(provider => new ServiceWatch(
            provider.GetRequiredService<Health>().Check, reload, provider.GetRequiredService<IHostApplicationLifetime>(),
            provider.GetRequiredService<NodeClock>(), provider.Logger("Node.Service"),
            ServiceNotifier.FromEnvironment(Environment.GetEnvironmentVariable, Environment.ProcessId, provider.Logger("Node.Service"))));
        return services;
    }

    /// <summary>Begins to listen to the meters, so that nothing is missed that happens before the first question.</summary>
    public static void BeginMetrics(this WebApplication app) => app.Services.GetRequiredService<PrometheusCollector>();

    /// <summary>Prometheus text at <c>/metrics</c>.</summary>
    public static void MapMetrics(this WebApplication app)
    {
        PrometheusCollector collector = app.Services.GetRequiredService<PrometheusCollector>();
        app.Services.GetRequiredService<NodeGauges>();
        app.MapShow("/metrics", context => Answers.WriteAsync(context, PrometheusCollector.ContentType, Encoding.UTF8.GetBytes(collector.Write())));
    }
}
