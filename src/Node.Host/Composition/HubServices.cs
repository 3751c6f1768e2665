using Microsoft.Extensions.DependencyInjection;
using Node.Host.Actuation;
using Node.Host.Cadence;
using Node.Host.Automation;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.Host.Upload;
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
        services.AddSingleton(provider => new DailyTraffic(options.DataFolder, provider.GetRequiredService<NodeClock>(), provider.Logger("Node.Upload")));
        services.AddSingleton(provider => new UploadControl(
            options.Upload, provider.GetRequiredService<DailyTraffic>(), provider.GetRequiredService<NodeClock>(), provider.Logger("Node.Upload")));
        services.AddSingleton(provider => new LastGoodDesired(Path.Combine(options.DataFolder, "desired.json"), provider.Logger("Node.Twin")));
        services.AddSingleton(provider => new NodeTwin(
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<ActuatorBank>(), provider.GetRequiredService<WorkCadence>(), options,
            provider.GetRequiredService<ReportedDocument>(), provider.GetRequiredService<LastGoodDesired>(),
            DeviceInformation.Read(provider.GetRequiredService<NodeIdentity>().Version, options.DataFolder), provider.Logger("Node.Twin"),
            new UploadProperties(provider.GetRequiredService<UploadControl>(), provider.GetRequiredService<NodeClock>().Time), provider.GetRequiredService<LocalAutomation>()));
        if (options.Hub.ConnectionString is { } connectionString)
        {
            services.AddSingleton<IHubClient>(provider => new LowerLayerHubClient(IotHubClientLL.CreateFromConnectionString(
                connectionString, LowerLayerHubClient.OptionsFor(options.Hub, provider.GetRequiredService<NodeClock>().Time,
                    provider.Logger("Node.HubClient"), provider.GetRequiredService<NodeIdentity>().Version))));
            services.AddSingleton(Loop);
        }

        return services;
    }

    private static HubLoop Loop(IServiceProvider provider)
    {
        IHubClient client = provider.GetRequiredService<IHubClient>();
        NodeClock clock = provider.GetRequiredService<NodeClock>();
        return new HubLoop(
            client,
            provider.GetRequiredService<HubLink>(),
            new TelemetrySender(provider.GetRequiredService<Spool.Spool>(), client, clock, provider.Logger("Node.Hub"),
                provider.GetRequiredService<UploadControl>(), provider.GetRequiredService<NodeOptions>().Hub.DeviceId ?? ""),
            new ReportedSender(provider.GetRequiredService<ReportedDocument>(), client, clock.Time, provider.Logger("Node.Hub"))
            {
                Sent = bytes => provider.GetRequiredService<UploadControl>().Spend(WireCost.OfPatch(bytes)),
            },
            provider.GetRequiredService<NodeTwin>(),
            provider.GetRequiredService<MethodRouter>(),
            clock,
            provider.Logger("Node.Hub"));
    }
}
