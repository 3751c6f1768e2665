using System.Device.Gpio;

namespace Node.Sensors.Bus;

/// <summary>Passes every call on to another controller's pins and writes levels, modes and edges into a trace. Owns the controller inside.</summary>
internal sealed class RecordingGpioDriver(GpioController inner, BusTraceWriter trace) : GpioDriver
{
    private readonly PinEdges _edges = new();

    protected override int PinCount => inner.PinCount;

    protected override void OpenPin(int pinNumber) => inner.OpenPin(pinNumber);

    protected override void ClosePin(int pinNumber) => inner.ClosePin(pinNumber);

    protected override void SetPinMode(int pinNumber, PinMode mode)
    {
        Add(BusOperation.PinMode, pinNumber, 0, mode);
        inner.SetPinMode(pinNumber, mode);
    }

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        Add(BusOperation.PinMode, pinNumber, 0, mode);
        if (mode == PinMode.Output)
        {
            Add(BusOperation.PinWrite, pinNumber, Level(initialValue));
            inner.ClosePin(pinNumber); // only opening takes a level along with the mode, so that no other level shows in between
            inner.OpenPin(pinNumber, mode, initialValue);
        }
        else
        {
            inner.SetPinMode(pinNumber, mode);
        }
    }

    protected override PinMode GetPinMode(int pinNumber) => inner.GetPinMode(pinNumber);

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) => inner.IsPinModeSupported(pinNumber, mode);

    protected override PinValue Read(int pinNumber)
    {
        PinValue value = inner.Read(pinNumber);
        Add(BusOperation.PinRead, pinNumber, Level(value));
        return value;
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        Add(BusOperation.PinWrite, pinNumber, Level(value));
        inner.Write(pinNumber, value);
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        WaitForEventResult result = inner.WaitForEvent(pinNumber, eventTypes, cancellationToken);
        Remember(pinNumber, result);
        return result;
    }

    protected override async ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        WaitForEventResult result = await inner.WaitForEventAsync(pinNumber, eventTypes, cancellationToken);
        Remember(pinNumber, result);
        return result;
    }

    /// <summary>The pin's first listener makes this driver one of both edges, so that the trace has each edge once.</summary>
    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback)
    {
        if (_edges.Add(pinNumber, eventTypes, callback))
        {
            inner.RegisterCallbackForPinValueChangedEvent(pinNumber, PinEventTypes.Rising | PinEventTypes.Falling, OnEdge);
        }
    }

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback)
    {
        if (_edges.Remove(pinNumber, callback)) { inner.UnregisterCallbackForPinValueChangedEvent(pinNumber, OnEdge); }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }

    private static int Level(PinValue value) => value == PinValue.High ? 1 : 0;

    private void OnEdge(object sender, PinValueChangedEventArgs edge)
    {
        Add(BusOperation.Edge, edge.PinNumber, edge.ChangeType == PinEventTypes.Rising ? 1 : 0);
        _edges.Tell(this, edge);
    }

    private void Remember(int pin, WaitForEventResult result)
    {
        if (!result.TimedOut) { Add(BusOperation.Edge, pin, result.EventTypes == PinEventTypes.Rising ? 1 : 0); }
    }

    private void Add(BusOperation operation, int pin, int level, PinMode? mode = null) => trace.Add(new BusTraceEntry
    {
        At = trace.Elapsed,
        Bus = BusTraceFormat.Gpio,
        Address = pin,
        Operation = operation,
        Level = level,
        Mode = mode?.ToString() ?? "",
    });
}
