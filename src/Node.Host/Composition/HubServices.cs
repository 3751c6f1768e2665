using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Model;
using Node.Host.Observability;
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
        services.AddSingleton(provider => new LastGoodDesired(Path.Combine(options.DataFolder, options.IsSafeMode ? "desired.safe.json" : "desired.json"), provider.Logger("Node.Twin")));
        services.AddSingleton(provider => new NodeTwin(
            provider.GetRequiredService<SensorArray>(), provider.GetRequiredService<ActuatorBank>(), NodeProperties.All(
                options, provider.GetRequiredService<WorkCadence>(), provider.GetRequiredService<LogLevelSwitch>(), provider.GetRequiredService<Spool.Spool>()),
            provider.GetRequiredService<ReportedDocument>(), provider.GetRequiredService<LastGoodDesired>(),
            DeviceInformation.Read(provider.GetRequiredService<NodeIdentity>().Version, options.DataFolder), provider.Logger("Node.Twin"),
            new UploadProperties(provider.GetRequiredService<UploadControl>(), provider.GetRequiredService<NodeClock>().Time), provider.GetRequiredService<LocalAutomation>()));
        if (options.Hub.IsConfigured)
        {
            services.AddSingleton(provider => Client(provider, options));
            services.AddSingleton(Loop);
        }

        return services;
    }

    /// <summary>The model id that is announced: the configured one, else that of the node's own model.</summary>
    public static string ModelId(NodeOptions options) => options.Hub.ModelId ?? NodeModel.Of(options).Root.Id;

    /// <summary>Who registers, with the model id in the registration's payload, as Plug and Play has it.</summary>
    public static DpsConfig Telling(NodeOptions options, DpsConfig registration) =>
        registration with { PayloadJson = new JsonObject { ["modelId"] = ModelId(options) }.ToJsonString() };

    private static HubClientOptions Connecting(NodeOptions options, TimeProvider time, ILogger logger) =>
        LowerLayerHubClient.OptionsFor(options.Hub with { ModelId = ModelId(options) }, time, logger, NodeIdentity.ProgramVersion);

    /// <summary>A registration at the provisioning service, on the same way out as the connection to the hub.</summary>
    public static DpsClient Registration(NodeOptions options, DpsOptions dps, TimeProvider time, ILogger logger) =>
        DpsClient.Create(Telling(options, dps.Config), Connecting(options, time, logger) with { Port = dps.Port });

    private static IHubClient Client(IServiceProvider provider, NodeOptions options)
    {
        TimeProvider time = provider.GetRequiredService<NodeClock>().Time;
        ILogger logger = provider.Logger("Node.HubClient");
        HubClientOptions connect = Connecting(options, time, logger);
        IHubClient client = options.Hub switch
        {
            { Dps: { } dps } => new ProvisionedHubClient(
                () => Registration(options, dps, time, logger), config => new LowerLayerHubClient(IotHubClientLL.Create(config, connect)),
                new HubAssignment(Path.Combine(options.DataFolder, HubAssignment.FileName), dps.Config), time, provider.Logger("Node.Hub")),
            { Device: { } device } => new LowerLayerHubClient(IotHubClientLL.Create(device, connect)),
            _ => new LowerLayerHubClient(IotHubClientLL.CreateFromConnectionString(options.Hub.ConnectionString!, connect)),
        };
        var metered = new MeteredHubClient(client, provider.GetRequiredService<HubMeter>(), time);
        return options.IsSafeMode ? new SafeModeClient(metered) : metered;
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
