using System.Net;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Listening;

/// <summary>Starts a listener on reserved ports, whose sockets it takes over.</summary>
internal delegate Task<HubListener> ListenerStart(PortReservation mqtt, PortReservation https, CancellationToken cancellationToken);

/// <summary>
/// The hub's two ports over its whole life: open, closed in an outage, open again on the same numbers.
/// While closed the ports stay bound without listening.
/// </summary>
internal sealed partial class HubFront : IAsyncDisposable
{
    private const string MqttPurpose = "MQTT";
    private const string HttpsPurpose = "HTTPS";

    private readonly IPAddress _address;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private PortReservation? _mqtt;
    private PortReservation? _https;
    private ListenerStart? _start;
    private HubListener? _listener;
    private bool _disposed;

    private HubFront(LocalHubOptions options, PortReservation mqtt, PortReservation https)
    {
        _address = options.Address;
        _clock = options.TimeProvider;
        _log = options.LoggerFactory.CreateLogger<HubFront>();
        _mqtt = mqtt;
        _https = https;
        MqttPort = mqtt.Port;
        HttpsPort = https.Port;
    }

    public int MqttPort { get; }

    public int HttpsPort { get; }

    public bool IsStopped => Volatile.Read(ref _listener) is null;

    /// <summary>Takes both ports without listening yet.</summary>
    /// <exception cref="LocalHubException">A port is taken or not permitted.</exception>
    public static HubFront Reserve(LocalHubOptions options)
    {
        PortReservation mqtt = PortReservation.Take(options.Address, options.MqttPort, MqttPurpose);
        try
        {
            return new HubFront(options, mqtt, PortReservation.Take(options.Address, options.HttpsPort, HttpsPurpose));
        }
        catch
        {
            mqtt.Dispose();
            throw;
        }
    }

    /// <summary>Listens for the first time, and remembers how.</summary>
    public async Task OpenAsync(ListenerStart start, CancellationToken cancellationToken)
    {
        _start = start;
        await ExclusivelyAsync(() => ListenAsync(cancellationToken));
    }

    public Task CloseAsync() => ExclusivelyAsync(StopAsync);

    public Task ReopenAsync() => ExclusivelyAsync(() =>
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return ListenAsync(CancellationToken.None);
    });

    /// <summary>Closes, and opens again by itself after a while.</summary>
    public void BeginOutage(TimeSpan duration) => _ = Task.Run(async () =>
    {
        try
        {
            await CloseAsync();
            await Task.Delay(duration, _clock, _disposing.Token);
            await ReopenAsync();
        }
        catch (Exception cause) when (cause is OperationCanceledException or ObjectDisposedException or LocalHubException or IOException)
        {
            if (!_disposing.IsCancellationRequested)
            {
                LogNotReopened(cause);
            }
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _disposing.CancelAsync();
        await ExclusivelyAsync(async () =>
        {
            _disposed = true;
            await StopAsync();
            _mqtt?.Dispose();
            _https?.Dispose();
        });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The hub could not come back after its outage.")]
    private partial void LogNotReopened(Exception cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A port of the hub is not held during its outage.")]
    private partial void LogNotHeld(Exception cause);

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        if (_listener is not null)
        {
            return;
        }

        using PortReservation mqtt = _mqtt ?? PortReservation.Take(_address, MqttPort, MqttPurpose); // the listener takes the sockets; what it leaves is closed here
        _mqtt = null;
        using PortReservation https = _https ?? PortReservation.Take(_address, HttpsPort, HttpsPurpose);
        _https = null;
        Volatile.Write(ref _listener, await _start!(mqtt, https, cancellationToken));
    }

    private async Task StopAsync()
    {
        if (_listener is null)
        {
            return;
        }

        await _listener.DisposeAsync();
        Volatile.Write(ref _listener, null);
        try
        {
            _mqtt = PortReservation.Take(_address, MqttPort, MqttPurpose);
            _https = PortReservation.Take(_address, HttpsPort, HttpsPurpose);
        }
        catch (LocalHubException taken)
        {
            LogNotHeld(taken); // the way back tries again and tells its caller
        }
    }

    private async Task ExclusivelyAsync(Func<Task> change)
    {
        await _changing.WaitAsync();
        try
        {
            await change();
        }
        finally
        {
            _changing.Release();
        }
    }
}
