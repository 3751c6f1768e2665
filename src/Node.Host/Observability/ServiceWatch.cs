using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Node.Host.Composition;

namespace Node.Host.Observability;

/// <summary>
/// The node under a supervisor: <c>READY</c> once it listens, a status line, <c>WATCHDOG</c> at half the supervisor's patience while sampling
/// beats and not a moment longer, <c>RELOADING</c> on SIGHUP, <c>STOPPING</c> at the end. SIGHUP reloads without a supervisor too.
/// </summary>
internal sealed partial class ServiceWatch(
    Func<(bool IsHealthy, string Text)> check, ConfigurationReload reload, IHostApplicationLifetime lifetime, NodeClock clock, ILogger logger,
    ServiceNotifier? notifier) : IHostedService, IDisposable
{
    private static readonly TimeSpan StatusInterval = TimeSpan.FromSeconds(10);

    private ITimer? _timer;
    private PosixSignalRegistration? _hangUp;

    /// <summary>Half of what the supervisor waits, so that one late sign does no harm; ten seconds without a watchdog.</summary>
    public TimeSpan Interval { get; } = notifier?.WatchdogInterval / 2 ?? StatusInterval;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _hangUp = OperatingSystem.IsWindows() ? null : PosixSignalRegistration.Create(PosixSignal.SIGHUP, HangUp);
        if (notifier is not null)
        {
            lifetime.ApplicationStarted.Register(Begin);
            lifetime.ApplicationStopping.Register(() =>
            {
                _timer?.Dispose();
                notifier.Stopping();
            });
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Reads the configuration again and says to the supervisor when that begins and ends.</summary>
    public void Reload()
    {
        notifier?.Reloading(clock.Time.GetElapsedTime(0));
        string outcome = reload.Reload();
        LogReloaded(logger, outcome);
        notifier?.Ready(check().Text);
    }

    public void Dispose()
    {
        _hangUp?.Dispose();
        _timer?.Dispose();
    }

    private void Begin()
    {
        notifier!.Ready(check().Text);
        _timer = clock.Time.CreateTimer(_ => Tell(), null, Interval, Interval);
    }

    private void Tell()
    {
        (bool isHealthy, string text) = check();
        notifier!.Status(text);
        if (isHealthy && notifier.WatchdogInterval is not null)
        {
            notifier.Alive();
        }
    }

    private void HangUp(PosixSignalContext signal)
    {
        signal.Cancel = true; // It asks for a reload; the default would end the process.
        Reload();
    }

    [LoggerMessage(EventId = 31, Level = LogLevel.Information, Message = "SIGHUP: {Outcome}")]
    private static partial void LogReloaded(ILogger logger, string outcome);
}
