using System.Device.Gpio;
using Microsoft.Extensions.Logging;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Bus.Remote;

/// <summary>
/// The header's lines in another process, for <c>new GpioController(driver)</c>. After a lost connection the next call connects anew, and
/// every open pin is asked for again with its mode and level. Callbacks run on a thread of the pool, in the order of a pin's edges, and get
/// a <see cref="TimedPinEdge"/>.
/// </summary>
public sealed partial class RemoteGpioDriver : GpioDriver
{
    private const int HighestCount = 54;
    private readonly OpenPins<RemotePin> _open = new();
    private readonly Lock _gate = new();
    private readonly RemoteBusOptions _options;
    private readonly RemoteLines _lines;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    internal RemoteGpioDriver(RemoteBusOptions options, TimeProvider time, ILogger logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _lines = new RemoteLines(options, HoldAllAgain);
    }

    /// <summary>Every edge of a pin that somebody listens to, with its number and time. Raised before the pin's callbacks.</summary>
    public event EventHandler<RemoteEdge>? EdgeReceived;

    /// <summary>Edges that were not told. Whoever counts must add them, and whoever waits must look at the pin.</summary>
    public event EventHandler<RemoteEdgeGap>? EdgesMissed;

    /// <inheritdoc/>
    protected override int PinCount => HighestCount;

    /// <inheritdoc/>
    public override GpioChipInfo GetChipInfo() => new(0, "gpiochip0", _options.Endpoint.ToString(), HighestCount);

    /// <summary>How many edges of a pin were not told since it was opened, by the gaps that later edges showed; 0 for a pin that is not open.</summary>
    public long LostEdges(int pinNumber) => _open.TryListenersOf(pinNumber)?.Lost ?? 0;

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
        RemotePin pin = new();
        lock (_gate)
        {
            _lines.Hold(pinNumber, pin);
            _open.Add(pinNumber, pin);
        }
    }

    /// <summary>A pin that cannot be given back because the link is down is free already: the other end frees it with the connection.</summary>
    protected override void ClosePin(int pinNumber)
    {
        if (_open.Remove(pinNumber) is not { } pin) { return; }

        pin.Watch?.Dispose();
        try
        {
            _lines.Release(pinNumber);
        }
        catch (RemoteLinkException lost)
        {
            ClosedWithoutLink(_logger, pinNumber, lost.Message);
        }
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        RemotePin pin = _open.Require(pinNumber);
        pin.Mode = mode;
        _lines.Hold(pinNumber, pin);
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        _open.Require(pinNumber).Level = initialValue;
        SetPinMode(pinNumber, mode);
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber)
    {
        _open.Require(pinNumber);
        return _lines.ModeOf(pinNumber);
    }

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => OpenPins<RemotePin>.IsModeSupported(mode);

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber)
    {
        RequireHeld(pinNumber);
        return _lines.Read(pinNumber);
    }

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value)
    {
        RemotePin pin = RequireHeld(pinNumber);
        pin.Level = value;
        if (pin.Mode == PinMode.Output) { _lines.Write(pinNumber, value); } // else kept for the moment when it becomes an output
    }

    /// <summary>Blocks until an edge of the wanted kind happens after the call began; as with real lines, earlier edges are gone.</summary>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        WaitForEventAsync(pinNumber, eventTypes, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        _open.WaitAsync(pinNumber, eventTypes, AddCallbackForPinValueChangedEvent, RemoveCallbackForPinValueChangedEvent, cancellationToken);

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        RemotePin pin = RequireHeld(pinNumber);
        if (pin.Mode == PinMode.Output) { throw new InvalidOperationException($"Pin {pinNumber} is an output; only inputs report edges."); }

        lock (_gate)
        {
            EdgeListeners listeners = _open.ListenersOf(pinNumber);
            if (pin.Watch is null)
            {
                listeners.Restart();
                pin.Watch = RemotePinWatch.Start(_options, pinNumber, edge => OnEdge(listeners, edge), gap => OnGap(listeners, gap), _time);
            }

            listeners.Add(eventTypes, callback);
        }
    }

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        RemotePin pin = _open.Require(pinNumber);
        lock (_gate)
        {
            _open.RemoveListener(pinNumber, callback);
            if (_open.ListenersOf(pinNumber).HasAny) { return; }

            pin.Watch?.Dispose();
            pin.Watch = null;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        foreach (int pin in _open.Numbers) { ClosePin(pin); }

        _lines.Dispose();
        base.Dispose(disposing);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "GPIO{Pin}: {Missed} edges of the remote line were missed (board restarted: {IsRestarted})")]
    private static partial void MissedEdges(ILogger logger, int pin, long missed, bool isRestarted);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "GPIO{Pin}: closed while the link was down: {Detail}")]
    private static partial void ClosedWithoutLink(ILogger logger, int pin, string detail);

    [LoggerMessage(EventId = 3, Level = LogLevel.Warning, Message = "GPIO{Pin}: not had again after a reconnect: {Detail}")]
    private static partial void NotHeldAgain(ILogger logger, int pin, string detail);

    private void OnEdge(EdgeListeners listeners, RemoteEdge edge)
    {
        EdgeReceived?.Invoke(this, edge);
        listeners.Tell(this, edge.IsRising, edge.At, unchecked((uint)edge.Number));
    }

    private void OnGap(EdgeListeners listeners, RemoteEdgeGap gap)
    {
        if (gap.IsRestarted) { listeners.Restart(); }

        MissedEdges(_logger, gap.Pin, gap.Missed, gap.IsRestarted);
        EdgesMissed?.Invoke(this, gap);
    }

    /// <summary>Called with a fresh connection: whatever was held is asked for again. What another program has meanwhile shows at the pin's next use.</summary>
    private void HoldAllAgain()
    {
        foreach ((int number, RemotePin pin) in _open.All)
        {
            pin.IsHeld = false;
            (int errno, string text) = _lines.TryHold(number, pin);
            if (errno != 0) { NotHeldAgain(_logger, number, text); }
        }
    }

    private RemotePin RequireHeld(int number)
    {
        RemotePin pin = _open.Require(number);
        if (!pin.IsHeld) { _lines.Hold(number, pin); }

        return pin;
    }
}
