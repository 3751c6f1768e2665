using System.Collections.Concurrent;
using System.Device.Gpio;

namespace Node.Sensors.Emulation;

/// <summary>
/// One program's connection to an <see cref="EmulatedGpioChip"/>, for <c>new GpioController(driver)</c>. A closed pin keeps its mode and
/// level, as a Pi's does. Callbacks run on the thread that caused the edge.
/// </summary>
public sealed class EmulatedGpioDriver : GpioDriver
{
    private readonly EmulatedGpioChip _chip;
    private readonly ConcurrentDictionary<int, PinListeners> _open = new();

    /// <summary>Connects to the chip; no pin is open yet.</summary>
    public EmulatedGpioDriver(EmulatedGpioChip chip)
    {
        ArgumentNullException.ThrowIfNull(chip);
        _chip = chip;
        _chip.EdgeOccurred += OnEdge;
    }

    /// <inheritdoc/>
    protected override int PinCount => EmulatedGpioChip.PinCount;

    /// <inheritdoc/>
    public override GpioChipInfo GetChipInfo() => new(0, "gpiochip0", "emulated", EmulatedGpioChip.PinCount);

    /// <inheritdoc/>
    protected override void OpenPin(int pinNumber)
    {
        _chip.Open(pinNumber);
        _open[pinNumber] = new PinListeners();
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
        if (_open.TryRemove(pinNumber, out _)) { _chip.Close(pinNumber); }
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        RequireOpen(pinNumber);
        _chip.SetMode(pinNumber, mode, initial: null);
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        RequireOpen(pinNumber);
        _chip.SetMode(pinNumber, mode, mode == PinMode.Output ? initialValue : null);
    }

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber)
    {
        RequireOpen(pinNumber);
        return _chip.ModeOf(pinNumber);
    }

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber)
    {
        RequireOpen(pinNumber);
        return _chip.Read(pinNumber);
    }

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value)
    {
        RequireOpen(pinNumber);
        _chip.Write(pinNumber, value);
    }

    /// <summary>Blocks until an edge of the wanted kind happens after the call began; as with real lines, earlier edges are gone.</summary>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        WaitForEventAsync(pinNumber, eventTypes, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override async ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        PinListeners listeners = RequireInput(pinNumber);
        TaskCompletionSource<PinEventTypes> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Remember(object sender, PinValueChangedEventArgs edge) => happened.TrySetResult(edge.ChangeType);
        listeners.Add(eventTypes, Remember);
        try
        {
            await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => happened.TrySetResult(PinEventTypes.None));
            PinEventTypes kind = await happened.Task;
            return new WaitForEventResult { EventTypes = kind, TimedOut = kind == PinEventTypes.None };
        }
        finally
        {
            listeners.Remove(Remember);
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        RequireInput(pinNumber).Add(eventTypes, callback);

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        if (!RequireOpen(pinNumber).Remove(callback))
        {
            throw new InvalidOperationException($"Pin {pinNumber} has no such callback.");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _chip.EdgeOccurred -= OnEdge;
        foreach (int pin in _open.Keys) { ClosePin(pin); }

        base.Dispose(disposing);
    }

    private void OnEdge(object? sender, PinEdge edge)
    {
        if (_open.TryGetValue(edge.Pin, out PinListeners? listeners)) { listeners.Tell(this, edge); }
    }

    private PinListeners RequireOpen(int pin) =>
        _open.TryGetValue(pin, out PinListeners? listeners) ? listeners : throw new InvalidOperationException($"Pin {pin} is not open.");

    private PinListeners RequireInput(int pin)
    {
        PinListeners listeners = RequireOpen(pin);
        return _chip.ModeOf(pin) == PinMode.Output
            ? throw new InvalidOperationException($"Pin {pin} is an output; only inputs report edges.")
            : listeners;
    }
}
