using System.Device.Gpio;

namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// GPIO by the kernel's character device, version 2, without any library: one request for direction, bias and first level together,
/// edges with the kernel's time and number, and the holder's name when a line is taken. Safe for use by several threads; callbacks run on
/// a thread of the driver's.
/// </summary>
public sealed class CharacterDeviceDriver : GpioDriver
{
    private readonly OpenPins<RequestedLine> _open = new();
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
    public long LostEdges(int pinNumber) => _open.TryListenersOf(pinNumber)?.Lost ?? 0;

    /// <inheritdoc/>
    /// <remarks>The line is taken with its first mode; a line that somebody holds is refused here already, with the holder's name.</remarks>
    protected override void OpenPin(int pinNumber)
    {
        if (_open.Contains(pinNumber)) { throw new InvalidOperationException($"Pin {pinNumber} is open already."); }

        LineStatus status = _chip.StatusOf(pinNumber);
        if (status.IsUsed)
        {
            throw new IOException($"Error 16 (Device or resource busy): line {pinNumber} is in use by {(status.Consumer.Length > 0 ? $"'{status.Consumer}'" : "a holder that gives no name")}.");
        }

        _open.Add(pinNumber, new RequestedLine(_kernel, _chip, pinNumber));
    }

    /// <inheritdoc/>
    protected override void ClosePin(int pinNumber)
    {
        if (_open.Remove(pinNumber) is { } line)
        {
            _edges.Forget(pinNumber);
            line.Dispose();
        }
    }

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode) => _open.Require(pinNumber).SetMode(mode, null);

    /// <inheritdoc/>
    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue) => _open.Require(pinNumber).SetMode(mode, initialValue);

    /// <inheritdoc/>
    protected override PinMode GetPinMode(int pinNumber) => _open.Require(pinNumber).Mode;

    /// <inheritdoc/>
    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => OpenPins<RequestedLine>.IsModeSupported(mode);

    /// <inheritdoc/>
    protected override PinValue Read(int pinNumber) => _open.Require(pinNumber).Read();

    /// <inheritdoc/>
    protected override void Write(int pinNumber, PinValue value) => _open.Require(pinNumber).Write(value);

    /// <summary>Blocks until an edge of the wanted kind happens after the call began.</summary>
    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        WaitForEventAsync(pinNumber, eventTypes, cancellationToken).AsTask().GetAwaiter().GetResult();

    /// <inheritdoc/>
    protected override ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        _open.WaitAsync(pinNumber, eventTypes, AddCallbackForPinValueChangedEvent, _open.RemoveListener, cancellationToken);

    /// <inheritdoc/>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        RequestedLine line = _open.Require(pinNumber);
        if (line.IsOutput) { throw new InvalidOperationException($"Pin {pinNumber} is an output; only inputs report edges."); }

        _open.ListenersOf(pinNumber).Add(eventTypes, callback);
        line.WantEdges(eventTypes);
        _edges.Watch(pinNumber, line);
    }

    /// <inheritdoc/>
    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => _open.RemoveListener(pinNumber, callback);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _edges.Dispose();
        foreach (int pin in _open.Numbers) { ClosePin(pin); }

        _chip.Dispose();
        base.Dispose(disposing);
    }

    private void Tell(int pin, LineEvent edge) => _open.TryListenersOf(pin)?.Tell(this, edge.IsRising, edge.At, edge.Sequence);

    private static int Number(string name)
    {
        int digits = name.AsSpan().IndexOfAnyInRange('0', '9');
        return digits >= 0 && int.TryParse(name.AsSpan(digits), out int number) ? number : 0;
    }
}
