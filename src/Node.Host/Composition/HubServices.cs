using Microsoft.Extensions.DependencyInjection;
using Node.Host.Actuation;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Model;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Composition;

/// <summary>What talks to the hub: client, loop, twin, methods. Without a connection string there is no loop, and the rest stands ready.</summary>
internal static class HubServices
{
    public static IServiceCollection AddHub(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(provider => new HubLink(provider.GetRequiredService<NodeClock>(), provider.Logger("Node.Hub")));
        services.AddMethods(options);
        services.AddSingleton<ReportedDocument>();
        services.AddSingleton(provider => new LastGoodDesired(Path.Combine(options.DataFolder, "desired.json"), provider.Logger("Node.Twin")));
        services.AddSingleton(provider => new NodeTwin(
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<ActuatorBank>(), NodeProperties.All(
                options, provider.GetRequiredService<WorkCadence>(), provider.GetRequiredService<LogLevelSwitch>(), provider.GetRequiredService<Spool.Spool>()),
            provider.GetRequiredService<ReportedDocument>(), provider.GetRequiredService<LastGoodDesired>(),
            DeviceInformation.Read(provider.GetRequiredService<NodeIdentity>().Version, options.DataFolder), provider.Logger("Node.Twin")));
        if (options.Hub.ConnectionString is { } connectionString)
        {
            services.AddSingleton<IHubClient>(provider => new LowerLayerHubClient(IotHubClientLL.CreateFromConnectionString(
                connectionString, LowerLayerHubClient.OptionsFor(Announcing(options), provider.GetRequiredService<NodeClock>().Time,
                    provider.Logger("Node.HubClient"), provider.GetRequiredService<NodeIdentity>().Version))));
            services.AddSingleton(Loop);
        }

        return services;
    }

    /// <summary>The hub's options with the model id that is announced: the configured one, else that of the node's own model.</summary>
    private static HubOptions Announcing(NodeOptions options) => options.Hub with { ModelId = options.Hub.ModelId ?? NodeModel.Of(options).Root.Id };

    private static HubLoop Loop(IServiceProvider provider)
    {
        IHubClient client = provider.GetRequiredService<IHubClient>();
        NodeClock clock = provider.GetRequiredService<NodeClock>();
        return new HubLoop(
            client,
            provider.GetRequiredService<HubLink>(),
            new TelemetrySender(provider.GetRequiredService<Spool.Spool>(), client, clock, provider.Logger("Node.Hub")),
            new ReportedSender(provider.GetRequiredService<ReportedDocument>(), client, clock.Time, provider.Logger("Node.Hub")),
            provider.GetRequiredService<NodeTwin>(),
            provider.GetRequiredService<MethodRouter>(),
            clock,
            provider.Logger("Node.Hub"));
    }
}
