using System.Collections.Concurrent;
using System.Device.Gpio;
using Node.Sensors.Bus.Gpio;

namespace Node.Sensors.Bus;

/// <summary>
/// Recorded pins: each edge comes when it came, and a pin reads the level that it had at this time of the trace. In strict mode the program
/// must drive each output as it did then; otherwise outputs read back what the program drives.
/// </summary>
internal sealed class ReplayedGpioDriver : GpioDriver
{
    private const int Pins = 54;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
    private static readonly TimeSpan Soonest = TimeSpan.FromMilliseconds(1);

    private readonly BusTraceEntry[] _levels;
    private readonly ConcurrentDictionary<int, Queue<BusTraceEntry>> _driven = new();
    private readonly ConcurrentDictionary<int, (PinMode Mode, PinValue Value)> _open = new();
    private readonly PinEdges _listeners = new();
    private readonly ReplayMode _mode;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private int _nextEdge;

    public ReplayedGpioDriver(BusTraceEntry[] entries, ReplayMode mode, TimeProvider time, long start)
    {
        _mode = mode;
        _time = time;
        _start = start;
        _levels = [.. entries.Where(static entry => entry.Operation is BusOperation.Edge or BusOperation.PinRead)];
        foreach (IGrouping<int, BusTraceEntry> pin in entries.Where(static entry => entry.Operation == BusOperation.PinWrite).GroupBy(static entry => entry.Address))
        {
            _driven[pin.Key] = new Queue<BusTraceEntry>(pin);
        }

        _timer = time.CreateTimer(_ => TellEdges(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        TellEdges();
    }

    protected override int PinCount => Pins;

    protected override void OpenPin(int pinNumber) => _open.TryAdd(pinNumber, (PinMode.Input, PinValue.Low));

    protected override void ClosePin(int pinNumber) => _open.TryRemove(pinNumber, out _);

    protected override void SetPinMode(int pinNumber, PinMode mode) => _open[pinNumber] = (mode, _open.GetValueOrDefault(pinNumber).Value);

    protected override void SetPinMode(int pinNumber, PinMode mode, PinValue initialValue)
    {
        _open[pinNumber] = (mode, initialValue);
        if (mode == PinMode.Output) { Check(pinNumber, initialValue); }
    }

    protected override PinMode GetPinMode(int pinNumber) => _open.GetValueOrDefault(pinNumber).Mode;

    protected override bool IsPinModeSupported(int pinNumber, PinMode mode) =>
        mode is PinMode.Input or PinMode.Output or PinMode.InputPullDown or PinMode.InputPullUp;

    protected override PinValue Read(int pinNumber)
    {
        (PinMode mode, PinValue value) = _open.GetValueOrDefault(pinNumber);
        if (mode == PinMode.Output) { return value; }

        TimeSpan now = _time.GetElapsedTime(_start);
        BusTraceEntry? last = _levels.LastOrDefault(entry => entry.Address == pinNumber && entry.At <= now)
            ?? _levels.FirstOrDefault(entry => entry.Address == pinNumber && entry.Operation == BusOperation.PinRead);
        return last?.Level == 1 || (last is null && mode == PinMode.InputPullUp) ? PinValue.High : PinValue.Low;
    }

    protected override void Write(int pinNumber, PinValue value)
    {
        _open[pinNumber] = (_open.GetValueOrDefault(pinNumber).Mode, value);
        Check(pinNumber, value);
    }

    protected override WaitForEventResult WaitForEvent(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken) =>
        WaitForEventAsync(pinNumber, eventTypes, cancellationToken).AsTask().GetAwaiter().GetResult();

    protected override async ValueTask<WaitForEventResult> WaitForEventAsync(int pinNumber, PinEventTypes eventTypes, CancellationToken cancellationToken)
    {
        TaskCompletionSource<PinEventTypes> happened = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Remember(object sender, PinValueChangedEventArgs edge) => happened.TrySetResult(edge.ChangeType);
        _listeners.Add(pinNumber, eventTypes, Remember);
        try
        {
            await using CancellationTokenRegistration cancelled = cancellationToken.Register(() => happened.TrySetResult(PinEventTypes.None));
            PinEventTypes kind = await happened.Task;
            return new WaitForEventResult { EventTypes = kind, TimedOut = kind == PinEventTypes.None };
        }
        finally
        {
            _listeners.Remove(pinNumber, Remember);
        }
    }

    protected override void AddCallbackForPinValueChangedEvent(int pinNumber, PinEventTypes eventTypes, PinChangeEventHandler callback) =>
        _listeners.Add(pinNumber, eventTypes, callback);

    protected override void RemoveCallbackForPinValueChangedEvent(int pinNumber, PinChangeEventHandler callback) => _listeners.Remove(pinNumber, callback);

    protected override void Dispose(bool disposing)
    {
        _timer.Dispose();
        base.Dispose(disposing);
    }

    private void Check(int pin, PinValue value)
    {
        if (_mode != ReplayMode.Strict) { return; }

        Queue<BusTraceEntry> rest = _driven.GetOrAdd(pin, static _ => new Queue<BusTraceEntry>());
        lock (rest)
        {
            int level = value == PinValue.High ? 1 : 0;
            if (rest.TryPeek(out BusTraceEntry? expected) && expected.Level == level)
            {
                rest.Dequeue();
                return;
            }

            throw new SensorException(SensorFault.BusFailure,
                $"gpio: the trace has {(expected is null ? "no further write" : expected.Text)} for pin {pin}, and the program writes {level}. Record anew, or replay leniently.");
        }
    }

    private void TellEdges()
    {
        TimeSpan now = _time.GetElapsedTime(_start);
        for (; _nextEdge < _levels.Length && (_levels[_nextEdge].Operation != BusOperation.Edge || _levels[_nextEdge].At <= now); _nextEdge++)
        {
            BusTraceEntry entry = _levels[_nextEdge];
            if (entry.Operation != BusOperation.Edge) { continue; }

            PinEventTypes kind = entry.Level == 1 ? PinEventTypes.Rising : PinEventTypes.Falling;
            _listeners.Tell(this, new TimedPinEdge(kind, entry.Address, entry.At, (uint)_nextEdge, lostBefore: 0));
        }

        if (_nextEdge >= _levels.Length) { return; }

        TimeSpan wait = _levels[_nextEdge].At - now;
        bool isMachine = ReferenceEquals(_time, TimeProvider.System); // its timers count whole milliseconds
        _timer.Change(wait > LongestWait ? LongestWait : isMachine && wait < Soonest ? Soonest : wait, Timeout.InfiniteTimeSpan);
    }
}
