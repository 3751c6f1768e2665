using System.Collections.Concurrent;
using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// GPIO by the kernel's character device, version 2, without any library: one request for direction, bias and first level together,
/// edges with the kernel's time and number, and the holder's name when a line is taken. Safe for use by several threads; callbacks run on
/// a thread of the driver's.
/// </summary>
public sealed class CharacterDeviceDriver : GpioDriver
{
    private readonly ConcurrentDictionary<int, (RequestedLine Line, EdgeListeners Listeners)> _open = new();
    private readonly IKernel _kernel;
    private readonly LineChip _chip;
    private readonly EdgeThread _edges;

    internal CharacterDeviceDriver(IKernel kernel, LineChip chip)
    {
        _kernel = kernel;
        _chip = chip;
        _edges = new EdgeThread(kernel, Tell);
    }

    /// <inheritdoc/>
    protected override int PinCount => _chip.LineCount;

    /// <inheritdoc/>
    public override GpioChipInfo GetChipInfo() => new(Number(_chip.Name), _chip.Name, _chip.Label, _chip.LineCount);

    /// <summary>How many edges of a pin the kernel had no room for since it was opened; 0 for a pin that is not open.</summary>
    public long LostEdges(int pinNumber) => _open.TryGetValue(pinNumber, out (RequestedLine, EdgeListeners Listeners) pin) ? pin.Listeners.Lost : 0;

    /// <inheritdoc/>
    /// <remarks>The line is taken with its first mode; a line that somebody holds is refused here already, with the holder's name.</remarks>
    protected override void OpenPin(int pinNumber)
    {
        if (_open.ContainsKey(pinNumber)) { throw new InvalidOperationException($"Pin {pinNumber} is open already."); }

        LineStatus status = _chip.StatusOf(pinNumber);
        if (status.IsUsed)
        {
            throw new IOException($"Error 16 (Device or resource busy): line {pinNumber} is in use by {(status.Consumer.Length > 0 ? $"'{status.Consumer}'" : "a holder that gives no name")}.");
        }

        _open[pinNumber] = (new RequestedLine(_kernel, _chip, pinNumber), new EdgeListeners(pinNumber));
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
        if (_open.TryRemove(pinNumber, out (RequestedLine Line, EdgeListeners) pin))
        {
            _edges.Forget(pinNumber);
            pin.Line.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode) => Open(pinNumber).Line.SetMode(mode, null);

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => Open(pinNumber).Line.SetMode(mode, initialValue);

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) => Open(pinNumber).Line.Mode;

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber) => Open(pinNumber).Line.Read();

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value) => Open(pinNumber).Line.Write(value);

    /// <summary>Blocks until an edge of the wanted kind happens after the call began.</summary>
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
            if (_open.TryGetValue(pinNumber, out (RequestedLine, EdgeListeners Listeners) pin)) { pin.Listeners.Remove(Remember); }
        }
    }

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        (RequestedLine line, EdgeListeners listeners) = Open(pinNumber);
        if (line.IsOutput) { throw new InvalidOperationException($"Pin {pinNumber} is an output; only inputs report edges."); }

        listeners.Add(eventTypes, callback);
        line.WantEdges(eventTypes);
        _edges.Watch(pinNumber, line);
    }

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        if (!Open(pinNumber).Listeners.Remove(callback)) { throw new InvalidOperationException($"Pin {pinNumber} has no such callback."); }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _edges.Dispose();
        foreach (int pin in _open.Keys) { ClosePin(pin); }

        _chip.Dispose();
        base.Dispose(disposing);
    }

    private (RequestedLine Line, EdgeListeners Listeners) Open(int pin) =>
        _open.TryGetValue(pin, out (RequestedLine, EdgeListeners) open) ? open : throw new InvalidOperationException($"Pin {pin} is not open.");

    private void Tell(int pin, LineEvent edge)
    {
        if (_open.TryGetValue(pin, out (RequestedLine, EdgeListeners Listeners) open)) { open.Listeners.Tell(this, edge); }
    }

    private static int Number(string name)
    {
        int digits = name.AsSpan().IndexOfAnyInRange('0', '9');
        return digits >= 0 && int.TryParse(name.AsSpan(digits), out int number) ? number : 0;
    }
}
