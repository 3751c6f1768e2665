using System.Collections.ObjectModel;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient;

/// <summary>
/// One caller-driven transport for several devices of one hub, so that one machine can front many: one <see cref="DoWork"/> moves them all. MQTT
/// 3.1.1 knows one device on a connection, so each has its own; what they share is the options, the trusted roots and the pace at which
/// connections open. Members on the thread of <see cref="DoWork"/>; sending is any thread's, as ever.
/// </summary>
public sealed class IotHubTransportLL : IDisposable
{
    /// <summary>Most devices of one transport.</summary>
    public const int MaximumDevices = 1_000;

    private const int OpeningMaximum = 8;
    private readonly List<IotHubClientLL> _clients = [];
    private int _next;
    private bool _entered;
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
        Clients = _clients.AsReadOnly();
    }

    /// <summary>The hub's full name.</summary>
    public string HostName { get; }

    /// <summary>The clients made with <see cref="IotHubClientLL.CreateWithTransport"/> and not yet disposed.</summary>
    public ReadOnlyCollection<IotHubClientLL> Clients { get; }

    internal HubClientOptions Options { get; }

    internal ConnectGate Gate { get; } = new(OpeningMaximum);

    /// <summary>
    /// One turn of each device, another one first each time, so that none is always served last. A client's own
    /// <see cref="IotHubClientLL.DoWork"/> still moves it alone.
    /// </summary>
    /// <returns>What is left and when the next turn pays, for all of them.</returns>
    /// <exception cref="InvalidOperationException">Called from a callback.</exception>
    /// <exception cref="ObjectDisposedException">The transport is disposed.</exception>
    public WorkStatus DoWork()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_entered)
        {
            throw new InvalidOperationException("DoWork is single-entry: a turn of this transport is already running. Never call it from a callback.");
        }

        _entered = true;
        try
        {
            return Turn();
        }
        finally
        {
            _entered = false;
        }
    }

    /// <summary>Disposes every client that is left. Not from a callback.</summary>
    /// <exception cref="InvalidOperationException">Called from a callback.</exception>
    public void Dispose()
    {
        if (_entered)
        {
            throw new InvalidOperationException("A transport cannot be disposed from a callback; dispose its clients there, or the transport after the turn.");
        }

        _disposed = true;
        while (_clients.Count > 0)
        {
            _clients[^1].Dispose();
        }
    }

    /// <summary>Takes a client in; false at the limit or after dispose.</summary>
    internal bool TryAttach(IotHubClientLL client)
    {
        if (_disposed || _clients.Count >= MaximumDevices)
        {
            return false;
        }

        _clients.Add(client);
        return true;
    }

    /// <summary>Lets go of a client that is disposed.</summary>
    internal void Detach(IotHubClientLL client)
    {
        int index = _clients.IndexOf(client);
        if (index >= 0)
        {
            _clients.RemoveAt(index);
            _next -= index < _next ? 1 : 0;
        }
    }

    private WorkStatus Turn()
    {
        var all = new WorkStatus(false, false, Timeout.InfiniteTimeSpan);
        _next = _clients.Count == 0 ? 0 : _next % _clients.Count;
        for (int left = _clients.Count; left > 0 && _clients.Count > 0; left--)
        {
            IotHubClientLL client = _clients[_next % _clients.Count];
            _next++; // Before the turn: a client that disposes itself in it moves the position back by itself.
            WorkStatus one = client.DoWork();
            all = new WorkStatus(all.MoreToDo || one.MoreToDo, all.AwaitingAnswers || one.AwaitingAnswers, Sooner(all.NextDue, one.NextDue));
        }

        _next++;
        return all;
    }

    private static TimeSpan Sooner(TimeSpan one, TimeSpan other) =>
        one == Timeout.InfiniteTimeSpan ? other : other == Timeout.InfiniteTimeSpan || one < other ? one : other;
}
