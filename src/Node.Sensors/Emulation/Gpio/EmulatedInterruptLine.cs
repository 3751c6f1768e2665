namespace Node.Sensors.Emulation;

/// <summary>
/// The wire from a chip's interrupt output to a pin of the header. The chip sets levels while it holds its gate; they reach the pin in
/// their order once the gate is free, because whoever listens to the pin may use the bus. A timer wakes the chip when its output is due to
/// change without anybody looking.
/// </summary>
internal sealed class EmulatedInterruptLine
{
    /// <summary>Never at once: a virtual clock would call back inside the call that sets the timer, where the chip's gate is held.</summary>
    private static readonly TimeSpan Soonest = TimeSpan.FromTicks(1);

    private readonly Queue<bool?> _levels = new();
    private readonly Lock _telling = new();
    private readonly EmulatedSurroundings _surroundings;
    private readonly EmulatedGpioChip _gpio;
    private readonly int _pin;
    private readonly ITimer _timer;
    private bool? _last;

    private EmulatedInterruptLine(EmulatedSurroundings surroundings, EmulatedGpioChip gpio, int pin, Action wake)
    {
        _surroundings = surroundings;
        _gpio = gpio;
        _pin = pin;
        _gpio.Drive(pin, null);
        _timer = surroundings.Time.CreateTimer(_ => wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private bool HasLevels
    {
        get
        {
            lock (_levels) { return _levels.Count > 0; }
        }
    }

    /// <param name="surroundings">The board's clock and pins.</param>
    /// <param name="pin">The pin's BCM number.</param>
    /// <param name="wake">Called without any lock held when a time set by <see cref="WakeAt"/> has come.</param>
    /// <returns><see langword="null"/> when no pin is named or the board has none: the output hangs in the air.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The pin is outside 0 to 53.</exception>
    public static EmulatedInterruptLine? Wire(EmulatedSurroundings surroundings, int? pin, Action wake) =>
        pin is { } number && surroundings.Gpio is { } gpio ? new EmulatedInterruptLine(surroundings, gpio, number, wake) : null;

    /// <summary>Drives the line high or low, or lets go of it with <see langword="null"/>.</summary>
    public void Set(bool? level)
    {
        lock (_levels)
        {
            if (level == _last) { return; }

            _last = level;
            _levels.Enqueue(level);
        }
    }

    /// <summary>Asks to be woken at a time since the board was switched on, or not at all.</summary>
    public void WakeAt(TimeSpan? at) => _timer.Change(at is { } due ? Wait(due) : Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>
    /// Passes the levels on to the pin, oldest first. Never waits: while another thread does this, it passes on the new levels too. Waiting
    /// could be for ever, because that thread may be inside a listener that uses the bus.
    /// </summary>
    public void Tell()
    {
        while (HasLevels && _telling.TryEnter())
        {
            try
            {
                while (TryTake(out bool? level)) { _gpio.Drive(_pin, level); }
            }
            finally
            {
                _telling.Exit();
            }
        }
    }

    /// <summary>The machine's own timers count whole milliseconds and would fire at once, over and over, for less than one.</summary>
    private TimeSpan Wait(TimeSpan due)
    {
        TimeSpan wait = due - _surroundings.Elapsed;
        if (ReferenceEquals(_surroundings.Time, TimeProvider.System)) { wait = TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)); }

        return wait < Soonest ? Soonest : wait;
    }

    private bool TryTake(out bool? level)
    {
        lock (_levels) { return _levels.TryDequeue(out level); }
    }
}
