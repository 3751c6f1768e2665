using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Dashboard;
using Node.Host.Diagnostics;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.Sensors.Emulation;
using Node.Sensors.Signals;

namespace Node.Host.Composition;

/// <summary>The direct methods and what they act on.</summary>
internal static partial class MethodServices
{
    public static IServiceCollection AddMethods(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(provider => new NodeRestart(
            provider.GetRequiredService<NodeClock>().Time, provider.GetRequiredService<IHostApplicationLifetime>().StopApplication));
        services.AddSingleton(provider => new Blinker(
            provider.GetRequiredService<ActuatorBank>(), options.IdentifyActuator, provider.GetRequiredService<NodeClock>().Time));
        services.AddSingleton(provider => new SupportBundle(
            provider.GetRequiredService<IConfiguration>(), provider.GetRequiredService<LogRing>(), Status(provider),
            provider.GetRequiredService<NodeIdentity>().Version, provider.GetRequiredService<NodeClock>().Time));
        services.AddSingleton(provider => new MethodRouter(
            Groups(provider, options), new CommandLedger(Path.Combine(options.DataFolder, "commands.json"), provider.Logger("Node.Methods")),
            provider.GetRequiredService<NodeClock>().Time, provider.Logger("Node.Methods")));
        return services;
    }

    /// <summary>The status knows the router, so the router's methods look it up when they are called.</summary>
    private static Func<byte[]> Status(IServiceProvider provider) => () => provider.GetRequiredService<StatusSource>().Json();

    /// <summary>What is stored waits for no company, and a turn is called for. The loop knows the router, so it is looked up when it is needed.</summary>
    private static void Hurry(IServiceProvider provider)
    {
        provider.GetService<HubLoop>()?.Telemetry.Hurry();
        provider.GetRequiredService<NodeSchedule>().Nudge();
    }

    private static IReadOnlyList<IMethodGroup> Groups(IServiceProvider provider, NodeOptions options)
    {
        TimeProvider time = provider.GetRequiredService<NodeClock>().Time;
        return
        [
            new SensorMethods(provider.GetRequiredService<SensorArray>()),
            new ActuatorMethods(provider.GetRequiredService<ActuatorBank>()),
            new AlarmMethods(provider.GetRequiredService<LocalAutomation>()),
            new NodeMethods(
                Status(provider), provider.GetRequiredService<Spool.Spool>(), () => Hurry(provider),
                provider.GetRequiredService<NodeRestart>(), provider.GetRequiredService<Blinker>(), provider.GetRequiredService<NodeIdentity>(), time),
            new SafeModeMethod(provider.GetRequiredService<BootRecord>(), provider.GetRequiredService<NodeRestart>()),
            new LogMethods(provider.GetRequiredService<LogRing>(), provider.GetRequiredService<LogLevelSwitch>(), time),
            new CaptureMethod(
                provider.GetRequiredService<SensorArray>(), Bursts(Path.Combine(options.DataFolder, "bursts"), provider.Logger("Node.Methods")), provider.GetService<IHubClient>(),
                provider.GetRequiredService<ReportedDocument>(), () => provider.GetRequiredService<NodeSchedule>().Nudge(), time, provider.Logger("Node.Methods")),
            new BundleMethod(provider.GetRequiredService<SupportBundle>(), provider.GetService<IHubClient>(), provider.GetRequiredService<ReportedDocument>(), time),
            .. provider.GetService<EmulatedBoard>() is { } board ? [new EmulatedFaultMethods(board)] : (IMethodGroup[])[],
        ];
    }

    /// <summary>The folder of bursts, with what a crash left behind put right.</summary>
    private static BurstFolder Bursts(string path, ILogger logger)
    {
        var folder = new BurstFolder(path);
        try
        {
            foreach (string saved in folder.Recover())
            {
                LogRecovered(logger, saved);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            LogNotRecovered(logger, path, failure.Message);
        }

        return folder;
    }

    [LoggerMessage(EventId = 147, Level = LogLevel.Information, Message = "The burst {Path} was cut short by the last end of the node; what it holds was saved")]
    private static partial void LogRecovered(ILogger logger, string path);

    [LoggerMessage(EventId = 148, Level = LogLevel.Warning, Message = "Bursts in {Path} could not be put right: {Reason}")]
    private static partial void LogNotRecovered(ILogger logger, string path, string reason);
}
