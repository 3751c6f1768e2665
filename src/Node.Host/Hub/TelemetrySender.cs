using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Spool;
using Node.Host.Upload;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>
/// Moves durable readings from the spool to the hub client, a bounded number at a time, alone or in batches, and deletes each only after
/// its confirmation. Runs in the hub loop's turns; the counters can be read by any thread.
/// </summary>
internal sealed partial class TelemetrySender
{
    /// <summary>Messages handed to the client and not yet ended, at most: twice the client's own window, so that it never runs dry between turns.</summary>
    public const int Window = 200;

    private const int MostReadings = 4_000; // In hands at once, whatever fits a message.
    private const int LiveShare = 5; // A fifth of the window is room that the backlog leaves to what is new.

    private readonly Spool.Spool _spool;
    private readonly IHubClient _client;
    private readonly NodeClock _clock;
    private readonly ILogger _logger;
    private readonly UploadControl? _upload;
    private readonly string _deviceId;
    private readonly SendConfirmationCallback _ended;
    private readonly List<SpooledMessage> _taken = new(Window);
    private readonly List<Shipment> _ready = [];
    private readonly Gathering _gathering;
    private readonly BacklogPace _pace;
    private int _backlog; // Readings of what is outstanding.
    private long _urgent; // Readings up to this sequence wait for no company.
    private bool _wasHeld;
    private long _sent;
    private long _confirmed;
    private long _tooLarge;
    private long _firstConfirmedTicks = -1;

    /// <summary>Makes the sender.</summary>
    /// <param name="spool">Where readings wait.</param>
    /// <param name="client">What sends them.</param>
    /// <param name="clock">Source of instants.</param>
    /// <param name="logger">For what goes wrong.</param>
    /// <param name="upload">How and when they go out; null for each alone and at once.</param>
    /// <param name="deviceId">For the reckoning of bytes.</param>
    public TelemetrySender(Spool.Spool spool, IHubClient client, NodeClock clock, ILogger logger, UploadControl? upload = null, string deviceId = "")
    {
        _spool = spool;
        _client = client;
        _clock = clock;
        _logger = logger;
        _upload = upload;
        _deviceId = deviceId;
        _gathering = new Gathering(clock.Time);
        _pace = new BacklogPace(clock.Time);
        _ended = Ended; // One delegate for all messages.
    }

    /// <summary>Readings handed to the client and not yet ended.</summary>
    public int Outstanding { get; private set; }

    /// <summary>Whether normal readings wait for a window or for the next day's budget.</summary>
    public bool IsHeldBack => _upload is { Hold: not UploadHold.None };

    /// <summary>Readings sent since the start, repeats counted.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Readings confirmed since the start.</summary>
    public long Confirmed => Interlocked.Read(ref _confirmed);

    /// <summary>Readings given up because the service takes none of that size.</summary>
    public long TooLarge => Interlocked.Read(ref _tooLarge);

    /// <summary>Process start to the first confirmation; null before it.</summary>
    public TimeSpan? FirstConfirmed => Interlocked.Read(ref _firstConfirmedTicks) is >= 0 and long ticks ? new TimeSpan(ticks) : null;

    private UploadOptions Options => _upload?.InForce ?? DefaultOptions;

    private static UploadOptions DefaultOptions { get; } = new();

    /// <summary>The hub is there again: what fits the window goes out in order, and beside a larger backlog what is new from now on.</summary>
    public void Connected()
    {
        _upload?.Spend(WireCost.Connection);
        Reopen();
    }

    /// <summary>What is stored by now waits for no company. Any thread.</summary>
    public void Hurry() => Interlocked.Exchange(ref _urgent, _spool.Statistics.LastDurableSequence);

    /// <summary>Hands over what the window has room for: alarms, new readings, and of the backlog what the hub keeps up with, each oldest first.</summary>
    /// <returns>How many readings were accepted.</returns>
    public int Fill()
    {
        UploadOptions options = Options;
        bool mayNormal = MayNormal();
        int most = Math.Min(Window * options.BatchCount, Math.Max(MostReadings, Window));
        int room = most - Outstanding - _gathering.Count;
        int backlog = mayNormal ? _pace.Allowed(most - (most / LiveShare), options.BatchCount) - _backlog : 0;
        if (room > 0 && _spool.TakeUnsent(_taken, room, backlog, mayNormal ? int.MaxValue : 0) > 0)
        {
            foreach (SpooledMessage reading in _taken)
            {
                _gathering.Add(reading, options, _ready);
            }

            _taken.Clear();
        }

        if (mayNormal)
        {
            _gathering.TakeRipe(options, Interlocked.Read(ref _urgent), _ready);
        }

        return _ready.Count == 0 ? 0 : Send(options);
    }

    /// <summary>In order: nothing overtakes what the client has no room for, and only an alarm what the budget has none for.</summary>
    private int Send(UploadOptions options)
    {
        int accepted = 0;
        bool full = false;
        foreach (Shipment shipment in _ready)
        {
            full = full || (!IsHeldFor(shipment) && !TrySend(shipment, options));
            if (full || IsHeldFor(shipment))
            {
                Release(shipment);
            }
            else
            {
                accepted += shipment.Count;
            }
        }

        _ready.Clear();
        return accepted;
    }

    private bool IsHeldFor(Shipment shipment) => !shipment.IsAlarm && IsHeldBack;

    private bool TrySend(Shipment shipment, UploadOptions options)
    {
        TelemetryMessage message = TelemetryShape.Message(shipment, options.Gzip);
        if (_upload?.TrySpend(WireCost.Of(message, _deviceId), shipment.IsAlarm) == false)
        {
            return true; // It is held back from now on, which the caller sees.
        }

        Count(shipment, 1);
        IotHubClientResult result = _client.SendEvent(message, _ended, shipment);
        if (result == IotHubClientResult.Ok)
        {
            Interlocked.Add(ref _sent, shipment.Count);
            return true;
        }

        Count(shipment, -1);
        return result == IotHubClientResult.InvalidSize && GiveUp(shipment, options);
    }

    /// <summary>A batch that is too large goes out reading by reading; a reading that is would be refused for ever and hold up all that follow.</summary>
    private bool GiveUp(Shipment shipment, UploadOptions options)
    {
        if (shipment.Count > 1)
        {
            foreach (SpooledMessage reading in shipment.Readings)
            {
                var alone = new Shipment(reading);
                if (IsHeldBack || !TrySend(alone, options) || IsHeldBack)
                {
                    Release(alone);
                }
            }

            return true;
        }

        Interlocked.Increment(ref _tooLarge);
        LogTooLarge(_logger, shipment.First.MessageId, shipment.First.Component, shipment.First.Body.Length);
        _spool.Confirm(shipment.First.Sequence);
        return true;
    }

    /// <summary>After a closed time the readings that waited are a backlog, as after an outage.</summary>
    private bool MayNormal()
    {
        bool may = _upload?.MaySend() ?? true;
        if (may && _wasHeld)
        {
            Reopen();
        }
        else if (!may && !_wasHeld)
        {
            _gathering.Clear(reading => _spool.Release(reading.Sequence));
        }

        _wasHeld = !may;
        return may;
    }

    private void Reopen()
    {
        _gathering.Clear(reading => _spool.Release(reading.Sequence));
        Hurry();
        _spool.SplitBacklog(Window);
    }

    private void Ended(SendConfirmation result, object? context)
    {
        var shipment = (Shipment)context!;
        Count(shipment, -1);
        if (result != SendConfirmation.Ok)
        {
            Release(shipment);
            return;
        }

        foreach (SpooledMessage reading in shipment.Readings)
        {
            _spool.Confirm(reading.Sequence);
        }

        _pace.Confirmed(shipment.Count);
        Interlocked.Add(ref _confirmed, shipment.Count);
        Interlocked.CompareExchange(ref _firstConfirmedTicks, _clock.Uptime.Ticks, -1);
    }

    private void Release(Shipment shipment)
    {
        foreach (SpooledMessage reading in shipment.Readings)
        {
            _spool.Release(reading.Sequence);
        }
    }

    private void Count(Shipment shipment, int by)
    {
        Outstanding += by * shipment.Count;
        _backlog += shipment.IsBacklog ? by * shipment.Count : 0;
    }

    [LoggerMessage(EventId = 110, Level = LogLevel.Error, Message = "Reading {MessageId} of {Sensor} has {Bytes} bytes, more than the hub takes; it is dropped and counted")]
    private static partial void LogTooLarge(ILogger logger, string messageId, string sensor, int bytes);
}
