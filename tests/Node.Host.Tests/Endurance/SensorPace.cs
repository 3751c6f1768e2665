using Node.Host.Configuration;
using Node.Host.Sensing;

namespace Node.Host.Tests.Endurance;

/// <summary>
/// Samples one sensor at its interval as the program's schedule does: a slow sample delays the next one, missed ones are not made up, a changed
/// interval counts from the change, and a restart leaves behind what hangs. Keeps account of what each sample came to.
/// </summary>
internal sealed class SensorPace
{
    private readonly VirtualTime _time;
    private readonly ITimer _timer;
    private TimeSpan _interval;
    private TimeSpan _next;
    private int _running;
    private int _generation;
    private bool _ended;

    public SensorPace(Func<SensorOptions, SensorTime, SensorChannel> open, SensorOptions options, VirtualTime time)
    {
        _time = time;
        Time = new SensorTime(time, options.Timeout);
        Channel = open(options, Time);
        _interval = options.Interval;
        _timer = time.CreateTimer(_ => Fire(), null, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public SensorTime Time { get; }

    public SensorChannel Channel { get; }

    /// <summary>Readings that samples brought.</summary>
    public int Readings { get; private set; }

    /// <summary>Samples that failed, and such that were left out while the sensor was given a pause.</summary>
    public int Missed { get; private set; }

    /// <summary>Samples at the schedule's instants.</summary>
    public int Samples { get; private set; }

    /// <summary>Told of each sample of an enabled sensor that brought no reading, with when it began.</summary>
    public Action<TimeSpan>? Unsuccessful { get; set; }

    /// <summary>The settings in force hold from now on.</summary>
    public void Converge()
    {
        if (Channel.Setting.Interval != _interval)
        {
            _interval = Channel.Setting.Interval;
            SetNext(_time.Elapsed + _interval);
        }
    }

    public void Restart()
    {
        _generation++;
        _running = 0;
        Channel.NoteRestart();
        SetNext(_time.Elapsed);
    }

    /// <summary>No sample is begun any more.</summary>
    public void End()
    {
        _ended = true;
        _timer.Dispose();
    }

    /// <summary>
    /// Waits until what the last step of the clock set off has ended or waits for the clock again. Whoever gives up a measurement does so on
    /// another thread; without this wait the clock would run on meanwhile.
    /// </summary>
    public ValueTask SettledAsync() => IsSettled ? ValueTask.CompletedTask : new ValueTask(SettleAsync());

    /// <summary>A sample waits for its timeout and, within, for something that the chip takes time for.</summary>
    private bool IsSettled => Volatile.Read(ref _running) == 0 || (Time.Waiting >= 2 && !Time.IsGivenUp && !Time.IsAsked);

    private async Task SettleAsync()
    {
        while (!IsSettled)
        {
            await Task.Yield();
        }
    }

    private void SetNext(TimeSpan at)
    {
        _next = at;
        _timer.Change(at > _time.Elapsed ? at - _time.Elapsed : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private void Fire()
    {
        if (!_ended)
        {
            SetNext(_next + _interval);
            if (_running == 0)
            {
                _ = SampleAsync(_generation);
            }
        }
    }

    private async Task SampleAsync(int generation)
    {
        Interlocked.Increment(ref _running);
        Time.IsGivenUp = Time.IsAsked = false;
        TimeSpan began = _time.Elapsed;
        DateTimeOffset? before = Channel.Status.ReadAt;
        await Channel.SampleAsync(CancellationToken.None);
        if (generation == _generation)
        {
            Interlocked.Decrement(ref _running);
        }

        Note(began, Channel.Status.ReadAt != before);
    }

    private void Note(TimeSpan began, bool isRead)
    {
        Samples++;
        if (isRead)
        {
            Readings++;
        }
        else if (Channel.Setting.Enabled)
        {
            Missed++;
            Unsuccessful?.Invoke(began);
        }
    }
}
