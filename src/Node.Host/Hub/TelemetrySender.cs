using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Spool;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// Moves durable readings from the spool to the hub client, a bounded number at a time, and deletes each only after its confirmation.
/// Runs in the hub loop's turns; the counters can be read by any thread.
/// </summary>
internal sealed partial class TelemetrySender
{
    /// <summary>Readings handed to the client and not yet ended, at most: twice the client's own window, so that it never runs dry between turns.</summary>
    public const int Window = 200;

    private const int LiveReserve = 40; // Of the window: room that the backlog leaves to what is new.

    private readonly Spool.Spool _spool;
    private readonly IHubClient _client;
    private readonly NodeClock _clock;
    private readonly ILogger _logger;
    private readonly SendConfirmationCallback _ended;
    private readonly List<SpooledMessage> _batch = new(Window);
    private readonly BacklogPace _pace;
    private int _backlog; // Of what is outstanding.
    private long _sent;
    private long _confirmed;
    private long _tooLarge;
    private long _firstConfirmedTicks = -1;

    public TelemetrySender(Spool.Spool spool, IHubClient client, NodeClock clock, ILogger logger)
    {
        _spool = spool;
        _client = client;
        _clock = clock;
        _logger = logger;
        _pace = new BacklogPace(Window - LiveReserve, clock.Time);
        _ended = Ended; // One delegate for all messages.
    }

    /// <summary>Handed to the client and not yet ended.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Sends since the start, repeats counted.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Confirmations since the start.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>Readings given up because the service takes none of that size.</summary>
    public long TooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Process start to the first confirmation; null before it.</summary>
    public TimeSpan? FirstConfirmed => Interlocked.Read(ref _firstConfirmedTicks) is >= 0 and long ticks ? new TimeSpan(ticks) : null;

    /// <summary>The hub is there again: what fits the window goes out in order, and beside a larger backlog what is new from now on.</summary>
    public void Connected() => _spool.SplitBacklog(Window);

    /// <summary>Hands over what the window has room for: alarms, new readings, and of the backlog what the hub keeps up with, each oldest first.</summary>
    /// <returns>How many were accepted.</returns>
    public int Fill()
    {
        int room = Window - Outstanding;
        if (room <= 0 || _spool.TakeUnsent(_batch, room, _pace.Allowed - _backlog) == 0)
        {
            return 0;
        }

        int accepted = 0;
        bool full = false;
        foreach (SpooledMessage message in _batch)
        {
            full = full || !TrySend(message);
            if (full)
            {
                _spool.Release(message.Sequence); // In order: nothing overtakes what the client has no room for.
            }
            else
            {
                accepted++;
            }
        }

        _batch.Clear();
        return accepted;
    }

    private bool TrySend(SpooledMessage message)
    {
        Count(message, 1);
        IotHubClientResult result = _client.SendEvent(TelemetryShape.Message(message), _ended, message);
        if (result == IotHubClientResult.Ok)
        {
            Interlocked.Increment(ref _sent);
            return true;
        }

        Count(message, -1);
        if (result != IotHubClientResult.InvalidSize)
        {
            return false;
        }

        Interlocked.Increment(ref _tooLarge); // It would be refused for ever and hold up all that follow.
        LogTooLarge(_logger, message.MessageId, message.Component, message.Body.Length);
        _spool.Confirm(message.Sequence);
        return true;
    }

    private void Ended(SendConfirmation result, object? context)
    {
        var message = (SpooledMessage)context!;
        Count(message, -1);
        if (result != SendConfirmation.Ok)
        {
            _spool.Release(message.Sequence);
            return;
        }

        _spool.Confirm(message.Sequence);
        _pace.Confirmed();
        Interlocked.Increment(ref _confirmed);
        Interlocked.CompareExchange(ref _firstConfirmedTicks, _clock.Uptime.Ticks, -1);
    }

    private void Count(SpooledMessage message, int by)
    {
        Outstanding += by;
        _backlog += message.IsBacklog ? by : 0;
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "Reading {MessageId} of {Sensor} has {Bytes} bytes, more than the hub takes; it is dropped and counted")]
    private static partial void LogTooLarge(ILogger logger, string messageId, string sensor, int bytes);
}
