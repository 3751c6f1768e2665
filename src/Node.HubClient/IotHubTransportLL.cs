using System.Collections.ObjectModel;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient;

/// <summary>
/// One caller-driven transport for several devices of one hub, so that one machine can front many: one <see cref="DoWork"/> moves them all. MQTT
/// 3.1.1 knows one device on a connection, so each has its own; what they share is the options, the trusted roots and the pace at which
/// connections open. Members on the thread of <see cref="DoWork"/>; sending, and disposing a client, is any thread's, as ever.
/// </summary>
public sealed class IotHubTransportLL : IDisposable
{
    /// <summary>Most devices of one transport.</summary>
    public const int MaximumDevices = 1_000;

    private const int OpeningMaximum = 8;
    private readonly Lock _gate = new();
    private readonly List<IotHubClientLL> _clients = [];
    private int _next;
    private int _entered;
    private bool _disposed;

    /// <summary>Checks, does no I/O.</summary>
    /// <param name="hostName">The hub's full name.</param>
    /// <param name="options">How all of its devices connect and how much each holds; null for the defaults. A model id is announced for each.</param>
    /// <exception cref="FormatException">The host name is none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public IotHubTransportLL(string hostName, HubClientOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        DeviceConnectionString.CheckHostName(hostName);
        Options = options ?? new HubClientOptions();
        OptionRanges.Check(Options);
        HostName = hostName;
    }

    /// <summary>The hub's full name.</summary>
    public string HostName { get; }

    /// <summary>The clients made with <see cref="IotHubClientLL.CreateWithTransport"/> and not yet disposed, as they are now.</summary>
    public ReadOnlyCollection<IotHubClientLL> Clients
    {
        get
        {
            lock (_gate)
            {
                return Array.AsReadOnly<IotHubClientLL>([.. _clients]);
            }
        }
    }

    internal HubClientOptions Options { get; }

    internal ConnectGate Gate { get; } = new(OpeningMaximum);

    /// <summary>
    /// One turn of each device, another one first each time, so that none is always served last. A client's own
    /// <see cref="IotHubClientLL.DoWork"/> still moves it alone.
    /// </summary>
    /// <returns>What is left and when the next turn pays, for all of them.</returns>
    /// <exception cref="InvalidOperationException">Called from a callback, or while a turn of it, or of one of its clients, runs on another thread.</exception>
    /// <exception cref="ObjectDisposedException">The transport is disposed.</exception>
    public WorkStatus DoWork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Interlocked.CompareExchange(ref _entered, 1, 0) != 0)
        {
            throw new InvalidOperationException("DoWork is single-entry: a turn of this transport is already running. Never call it from a callback.");
        }

        try
        {
            return Turn();
        }
        finally
        {
            Interlocked.Exchange(ref _entered, 0);
        }
    }

    /// <summary>Disposes every client that is left. Not from a callback.</summary>
    /// <exception cref="InvalidOperationException">Called from a callback.</exception>
    public void Dispose()
    {
        if (Volatile.Read(ref _entered) != 0)
        {
            throw new InvalidOperationException("A transport cannot be disposed from a callback; dispose its clients there, or the transport after the turn.");
        }

        lock (_gate)
        {
            _disposed = true;
        }

        foreach (IotHubClientLL client in Clients)
        {
            client.Dispose();
        }
    }

    /// <summary>Takes a client in; false at the limit or after dispose.</summary>
    internal bool TryAttach(IotHubClientLL client)
    {
        lock (_gate)
        {
            if (_disposed || _clients.Count >= MaximumDevices)
            {
                return false;
            }

            _clients.Add(client);
            return true;
        }
    }

    /// <summary>Lets go of a client that is disposed. Any thread.</summary>
    internal void Detach(IotHubClientLL client)
    {
        lock (_gate)
        {
            int index = _clients.IndexOf(client);
            if (index >= 0)
            {
                _clients.RemoveAt(index);
                _next -= index < _next ? 1 : 0;
            }
        }
    }

    private WorkStatus Turn()
    {
        var all = new WorkStatus(false, false, Timeout.InfiniteTimeSpan);
        for (int left = Begin(); left > 0 && TakeNext() is { } client; left--)
        {
            WorkStatus one = client.Work();
            all = new WorkStatus(all.MoreToDo || one.MoreToDo, all.AwaitingAnswers || one.AwaitingAnswers, Sooner(all.NextDue, one.NextDue));
        }

        lock (_gate)
        {
            _next++;
        }

        return all;
    }

    private int Begin()
    {
        lock (_gate)
        {
            _next = _clients.Count == 0 ? 0 : _next % _clients.Count;
            return _clients.Count;
        }
    }

    /// <summary>Moves on before the client's turn: one that disposes itself in it moves the position back by itself.</summary>
    private IotHubClientLL? TakeNext()
    {
        lock (_gate)
        {
            return _clients.Count == 0 ? null : _clients[_next++ % _clients.Count];
        }
    }

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;
}
