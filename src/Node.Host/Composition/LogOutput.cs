using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Node.Host.Configuration;
using Node.Host.Logging;

namespace Node.Host.Composition;

/// <summary>Log lines on standard output: for people, for machines, or for the journal; times in UTC, repeated ones folded.</summary>
internal static class LogOutput
{
    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss.fff zzz ";

    /// <summary>The format in force: by itself the journal's where systemd reads the output, else the one for people.</summary>
    public static LogFormat InForce(LogFormat format, Func<string, string?> variable) =>
        format != LogFormat.Auto ? format
        : string.IsNullOrEmpty(variable("JOURNAL_STREAM")) ? LogFormat.Simple
        : LogFormat.Systemd;

    public static void AddLogOutput(this ILoggingBuilder logging, IConfiguration configuration, LogFormat format, TimeProvider time)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        switch (InForce(format, Environment.GetEnvironmentVariable))
        {
            case LogFormat.Json:
                logging.AddJsonConsole(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));
                break;
            case LogFormat.Systemd:
                logging.AddSystemdConsole(systemd => (systemd.UseUtcTimestamp, systemd.TimestampFormat) = (true, TimeFormat));
                break;
            default:
                logging.AddSimpleConsole(simple => (simple.SingleLine, simple.UseUtcTimestamp, simple.TimestampFormat, simple.ColorBehavior) =
                    (true, true, TimeFormat, LoggerColorBehavior.Default));
                break;
        }

        Fold(logging.Services, time);
        IgnoreCancelledStart(logging.Services);
    }

    /// <summary>A node that is told to stop while it starts has not failed to start.</summary>
    private static void IgnoreCancelledStart(IServiceCollection services) =>
        services.AddOptions<LoggerFilterOptions>().Configure<IServiceProvider>((options, provider) => options.Rules.Add(new LoggerFilterRule(
            null, "Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Warning,
            (_, _, _) => !provider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)));

    private static void Fold(IServiceCollection services, TimeProvider time)
    {
        ServiceDescriptor console = services.Last(service => service.ServiceType == typeof(ILoggerProvider) && service.ImplementationType == typeof(ConsoleLoggerProvider));
        services.Remove(console);
        services.AddSingleton<ConsoleLoggerProvider>();
        services.AddSingleton<ILoggerProvider>(provider => new FoldingLogs(provider.GetRequiredService<ConsoleLoggerProvider>(), time));
    }
}
