using Microsoft.Extensions.Hosting;

namespace Node.Host.Composition;

/// <summary>Gives memory back once the start is over, and each hour after that, for what handshakes and renewals leave.</summary>
/// <param name="time">Source of timers.</param>
/// <param name="release">Gives it back; must not throw.</param>
internal sealed class Tidying(TimeProvider time, Action release) : IHostedService, IDisposable
{
    /// <summary>By then sensors are initialised, the hub is connected and its twin is in force, or all of this takes long anyhow.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(20);

    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private ITimer? _timer;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = time.CreateTimer(_ => release(), null, First, Interval);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _timer?.Dispose();
}
