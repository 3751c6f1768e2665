using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Node.Host.Configuration;
using Node.Host.Logging;
using Node.Host.Machine;
using Node.Host.Observability;

namespace Node.Host.Composition;

/// <summary>Puts the running node together.</summary>
internal static class NodeApplication
{
    private const int MostConnections = 256; // Listeners, pages and probes need some thirty; a flood must not eat the memory.
    private const int LargestBody = 262_144;
    private const int LargestHeaders = 16_384;

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan HeaderLimit = TimeSpan.FromSeconds(10);

    /// <param name="options">What is in force; already reduced in safe mode.</param>
    /// <param name="configuration">The layers that it was read from.</param>
    /// <param name="clock">The node's time.</param>
    /// <param name="boot">This start.</param>
    /// <param name="read">Reads and checks all layers anew.</param>
    public static WebApplication Build(NodeOptions options, IConfigurationRoot configuration, NodeClock clock, BootRecord boot, Func<LoadedConfiguration> read)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "sensornode", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear(); // The layers are the node's own: see ConfigurationLayers.
        builder.Configuration.AddConfiguration(configuration);
        var identity = NodeIdentity.Draw();
        builder.Logging.AddLogOutput(configuration, options.LogFormat, clock.Time);
        builder.Services.AddLogMemory(new LogRing(clock.Time), new LogLevelSwitch(), clock.Time);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = MostConnections;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = LargestHeaders;
            kestrel.Limits.RequestHeadersTimeout = HeaderLimit;
            kestrel.Listen(options.Http.Address, options.Http.Port); // First: it is the address that is told.
            if (options.Neighbours.HttpPort != 0)
            {
                kestrel.Listen(options.Http.Address, options.Neighbours.HttpPort);
            }

        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton(options).AddSingleton(clock).AddSingleton(identity).AddSingleton(boot);
        builder.Services.AddSensing(options).AddHub(options).AddCadence(options);
        builder.Services.AddObservability(new ConfigurationReload(configuration, read)).AddOtlpExport(identity, options.Hub.DeviceId, () => HubServices.ModelId(options));
        builder.Services.AddHostedService<NodeService>(); // After Quartz's, so that it stops before the scheduler does.
        builder.Services.AddDashboard(options).AddNeighbours(options);
        builder.Services.AddHostedService(_ => new Tidying(clock.Time, StartLeftovers.Release));
        builder.Services.AddHostedService(static provider => provider.GetRequiredService<ServiceWatch>()); // Last: it says that all is up.
        WebApplication app = builder.Build();
        app.BeginMetrics(); // Before anything that counts is made: a counter shows its zero to whom listens then.
        app.UseSensorBlock(options);
        app.MapDashboard(options, configuration);
        app.MapMetrics();
        return app;
    }

    /// <summary>Where the started application listens, as this machine reaches it.</summary>
    public static string HttpUrl(WebApplication app)
    {
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return bound.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal);
    }
}
