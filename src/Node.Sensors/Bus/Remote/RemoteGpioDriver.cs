using System.Collections.Concurrent;
using System.Device.Gpio;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Node.Sensors.Bus.Remote;

/// <summary>
/// The header's lines in another process, for <c>new GpioController(driver)</c>. After a lost connection the next call connects anew, and
/// every open pin is asked for again with its mode and level. Callbacks run on a thread of the pool, in the order of a pin's edges.
/// </summary>
public sealed partial class RemoteGpioDriver : GpioDriver
{
    private const int HighestCount = 54;
    private const byte ModeAsIs = 4;
    private const byte NoLevel = 2;
    private const string Consumer = "sensornode";
    private readonly ConcurrentDictionary<int, RemotePin> _pins = new();
    private readonly Lock _gate = new();
    private readonly RemoteBusOptions _options;
    private readonly RemoteLink _link;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal RemoteGpioDriver(RemoteBusOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _link = new RemoteLink(options) { Connected = RequestAgain };
    }

    /// <summary>Every edge of a pin that somebody listens to, with its number and time. Raised before the pin's callbacks.</summary>
    public event EventHandler<RemoteEdge>? EdgeReceived;

    /// <summary>Edges that were not told. Whoever counts must add them, and whoever waits must look at the pin.</summary>
    public event EventHandler<RemoteEdgeGap>? EdgesMissed;

    /// <inheritdoc/>
    protected override int PinCount => HighestCount;

    /// <inheritdoc/>
    public override GpioChipInfo GetChipInfo() => new(0, "gpiochip0", _options.Endpoint.ToString(), HighestCount);

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
        RemotePin pin = new();
        lock (_gate)
        {
            Hold(pinNumber, pin);
            _pins[pinNumber] = pin;
        }
    }

    /// <summary>A pin that cannot be given back because the link is down is free already: the other end frees it with the connection.</summary>
    protected override void ClosePin(int pinNumber)
    {
        if (!_pins.TryRemove(pinNumber, out RemotePin? pin)) { return; }

        pin.Watch?.Dispose();
        try
        {
            _link.Request(RemoteFrameKind.LineRelease, frame => frame.Word(pinNumber));
        }
        catch (RemoteLinkException lost)
        {
            ClosedWithoutLink(_logger, pinNumber, lost.Message);
        }
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        RemotePin pin = RequireOpen(pinNumber);
        pin.Mode = mode;
        Hold(pinNumber, pin);
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        RequireOpen(pinNumber).Level = initialValue;
        SetPinMode(pinNumber, mode);
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber)
    {
        RequireOpen(pinNumber);
        byte mode = 0;
        Ask(pinNumber, RemoteFrameKind.LineState, frame => frame.Word(pinNumber), (ref answer) => mode = answer.Byte());
        return mode switch
        {
            1 => PinMode.Output,
            2 => PinMode.InputPullDown,
            3 => PinMode.InputPullUp,
            _ => PinMode.Input,
        };
    }

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber)
    {
        HoldAgain(pinNumber);
        byte level = 0;
        Ask(pinNumber, RemoteFrameKind.LineRead, frame => frame.Byte(1).Word(pinNumber), (ref answer) => level = answer.Byte());
        return level != 0;
    }

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value)
    {
        RemotePin pin = HoldAgain(pinNumber);
        pin.Level = value;
        if (pin.Mode != PinMode.Output) { return; } // kept for the moment when it becomes an output

        Ask(pinNumber, RemoteFrameKind.LineWrite, frame => frame.Byte(1).Word(pinNumber).Byte(value == PinValue.High ? (byte)1 : (byte)0));
    }

    /// <summary>Blocks until an edge of the wanted kind happens after the call began; as with real lines, earlier edges are gone.</summary>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        WaitForEventAsync(pinNumber, eventTypes, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        TaskCompletionSource<PinEventTypes> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Remember(object sender, PinValueChangedEventArgs edge) => happened.TrySetResult(edge.ChangeType);
        AddCallbackForPinValueChangedEvent(pinNumber, eventTypes, Remember);
        try
        {
            await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => happened.TrySetResult(PinEventTypes.None));
            PinEventTypes kind = await happened.Task;
            return new WaitForEventResult { EventTypes = kind, TimedOut = kind == PinEventTypes.None };
        }
        finally
        {
            if (_pins.ContainsKey(pinNumber)) { RemoveCallbackForPinValueChangedEvent(pinNumber, Remember); }
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        RemotePin pin = HoldAgain(pinNumber);
        if (pin.Mode == PinMode.Output) { throw new InvalidOperationException($"Pin {pinNumber} is an output; only inputs report edges."); }

        lock (_gate)
        {
            pin.Watch ??= RemotePinWatch.Start(_options, pinNumber, edge => OnEdge(pin, edge), OnGap, _time);
            pin.Add(eventTypes, callback);
        }
    }

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        RemotePin pin = RequireOpen(pinNumber);
        lock (_gate)
        {
            if (!pin.Remove(callback)) { throw new InvalidOperationException($"Pin {pinNumber} has no such callback."); }

            if (pin.HasListeners) { return; }

            pin.Watch?.Dispose();
            pin.Watch = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (int pin in _pins.Keys) { ClosePin(pin); }

        _link.Dispose();
        base.Dispose(disposing);
    }

    private static byte ModeNumber(PinMode? mode) => mode switch
    {
        null => ModeAsIs,
        PinMode.Output => 1,
        PinMode.InputPullDown => 2,
        PinMode.InputPullUp => 3,
        _ => 0,
    };

    private static byte LevelNumber(PinValue? level) => level is { } known ? (known == PinValue.High ? (byte)1 : (byte)0) : NoLevel;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "GPIO{Pin}: {Missed} edges of the remote line were missed (board restarted: {IsRestarted})")]
    private static partial void MissedEdges(ILogger logger, int pin, long missed, bool isRestarted);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "GPIO{Pin}: closed while the link was down: {Detail}")]
    private static partial void ClosedWithoutLink(ILogger logger, int pin, string detail);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "GPIO{Pin}: not had again after a reconnect: {Detail}")]
    private static partial void NotHeldAgain(ILogger logger, int pin, string detail);

    private void OnEdge(RemotePin pin, RemoteEdge edge)
    {
        EdgeReceived?.Invoke(this, edge);
        pin.Tell(this, edge);
    }

    private void OnGap(RemoteEdgeGap gap)
    {
        MissedEdges(_logger, gap.Pin, gap.Missed, gap.IsRestarted);
        EdgesMissed?.Invoke(this, gap);
    }

    /// <summary>Called by the link with a fresh connection: whatever was held is asked for again. What another program has meanwhile shows at the pin's next use.</summary>
    private void RequestAgain()
    {
        foreach ((int number, RemotePin pin) in _pins)
        {
            pin.IsHeld = false;
            (int errno, string text) = RequestLine(number, pin);
            pin.IsHeld = errno == 0;
            if (errno != 0) { NotHeldAgain(_logger, number, text); }
        }
    }

    private void Hold(int number, RemotePin pin)
    {
        try
        {
            (int errno, string text) = RequestLine(number, pin);
            pin.IsHeld = errno == 0;
            Require(number, errno, text);
        }
        catch (RemoteLinkException)
        {
            pin.IsHeld = false;
            throw;
        }
    }

    private RemotePin HoldAgain(int number)
    {
        RemotePin pin = RequireOpen(number);
        if (!pin.IsHeld) { Hold(number, pin); }

        return pin;
    }

    private (int Errno, string Text) RequestLine(int number, RemotePin pin) => _link.Request(
        RemoteFrameKind.LineRequest, frame => frame.Word(number).Byte(ModeNumber(pin.Mode)).Byte(LevelNumber(pin.Level)).DoubleWord(0).Text(Consumer));

    private void Ask(int number, RemoteFrameKind kind, RemoteLink.Write write, RemoteLink.Read? read = null)
    {
        (int errno, string text) = _link.Request(kind, write, read);
        Require(number, errno, text);
    }

    private static void Require(int number, int errno, string text)
    {
        if (errno != 0) { throw RemoteBusError.Transfer(errno, string.Create(CultureInfo.InvariantCulture, $"at pin {number}"), text); }
    }

    private RemotePin RequireOpen(int pin) =>
        _pins.TryGetValue(pin, out RemotePin? open) ? open : throw new InvalidOperationException($"Pin {pin} is not open.");
}
