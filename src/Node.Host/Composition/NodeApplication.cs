using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Node.Host.Configuration;
using Node.Host.Logging;

namespace Node.Host.Composition;

/// <summary>Puts the running node together.</summary>
internal static class NodeApplication
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(5);

    public static WebApplication Build(NodeOptions options, IConfigurationRoot configuration, NodeClock clock)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ApplicationName = "sensornode", ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear(); // The layers are the node's own: see ConfigurationLayers.
        builder.Configuration.AddConfiguration(configuration);
        AddLogging(builder.Logging, configuration, options.LogFormat);
        builder.Services.AddLogMemory(new LogRing(clock.Time), new LogLevelSwitch());
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(options.Http.Address, options.Http.Port);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = LongestStop);
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.AddSingleton(options).AddSingleton(clock).AddSingleton(NodeIdentity.Draw());
        builder.Services.AddSensing(options).AddHub(options).AddCadence(options);
        builder.Services.AddHostedService<NodeService>(); // After Quartz's, so that it stops before the scheduler does.
        builder.Services.AddDashboard(options);
        WebApplication app = builder.Build();
        app.MapDashboard(options, configuration);
        return app;
    }

    /// <summary>Where the started application listens, as this machine reaches it.</summary>
    public static string HttpUrl(WebApplication app)
    {
        string bound = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        return bound.Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal).Replace("[::]", "[::1]", StringComparison.Ordinal);
    }

    private static void AddLogging(ILoggingBuilder logging, IConfiguration configuration, LogFormat format)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        if (format == LogFormat.Json)
        {
            logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
        }
        else
        {
            logging.AddSimpleConsole(simple =>
                (simple.SingleLine, simple.UseUtcTimestamp, simple.TimestampFormat, simple.ColorBehavior) =
                (true, true, "yyyy-MM-dd HH:mm:ss.fff ", LoggerColorBehavior.Default));
        }
    }
}
