using System.Net;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Listening;

/// <summary>Starts a listener on reserved ports, whose sockets it takes over.</summary>
internal delegate Task<HubListener> ListenerStart(HubPorts ports, CancellationToken cancellationToken);

/// <summary>
/// The hub's ports over its whole life: open, closed in an outage, open again on the same numbers.
/// While closed the ports stay bound without listening.
/// </summary>
internal sealed partial class HubFront : IAsyncDisposable
{
    private readonly IPAddress _address;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _changing = new(1, 1);
    private readonly CancellationTokenSource _disposing = new();
    private HubPorts? _ports;
    private ListenerStart? _start;
    private HubListener? _listener;
    private bool _disposed;

    private HubFront(LocalHubOptions options, HubPorts ports)
    {
        _address = options.Address;
        _clock = options.TimeProvider;
        _log = options.LoggerFactory.CreateLogger<HubFront>();
        _ports = ports;
        MqttPort = ports.Mqtt.Port;
        HttpsPort = ports.Https.Port;
        AmqpPort = ports.Amqp.Port;
    }

    public int MqttPort { get; }

    public int HttpsPort { get; }

    public int AmqpPort { get; }

    public bool IsStopped => Volatile.Read(ref _listener) is null;

    /// <summary>Takes the ports without listening yet.</summary>
    /// <exception cref="LocalHubException">A port is taken or not permitted.</exception>
    public static HubFront Reserve(LocalHubOptions options) =>
        new(options, HubPorts.Take(options.Address, options.MqttPort, options.HttpsPort, options.AmqpPort));

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
            _ports?.Dispose();
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

        using HubPorts ports = _ports ?? TakePorts(); // the listener takes the sockets; what it leaves is closed here
        _ports = null;
        Volatile.Write(ref _listener, await _start!(ports, cancellationToken));
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
            _ports = TakePorts();
        }
        catch (LocalHubException taken)
        {
            LogNotHeld(taken); // the way back tries again and tells its caller
        }
    }

    private HubPorts TakePorts() => HubPorts.Take(_address, MqttPort, HttpsPort, AmqpPort);

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
