namespace Node.Sensors.Filters;

/// <summary>
/// A quantity's filters at work. Some bring values out by themselves after a time (throttle_average, debounce, heartbeat, timeout), so the
/// chain says when it next wants a turn. Instants are the time since any fixed origin and must not go back; a turn that comes late brings
/// each due value once. When a turn and a value fall on the same instant, the turn is first. One caller at a time.
/// </summary>
public sealed class FilterChain
{
    private List<(FilterStep Step, Filter Filter)> _running;

    /// <summary>Starts a chain; periods begin at <paramref name="now"/>.</summary>
    public FilterChain(FilterChainSettings settings, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        _running = [.. settings.Steps.Select(step => (step, step.Start(now)))];
    }

    /// <summary>The settings in force.</summary>
    public FilterChainSettings Settings { get; private set; }

    /// <summary>When <see cref="Advance"/> should be called; <see langword="null"/> when nothing is waited for.</summary>
    public TimeSpan? NextDue => _running.Min(static one => one.Filter.Due);

    /// <summary>Changes the chain while it runs. A step that is the same as before keeps what it has gathered, wherever it now stands.</summary>
    public void Apply(FilterChainSettings settings, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<(FilterStep Step, Filter Filter)> kept = _running;
        _running = [.. settings.Steps.Select(step => (step, Kept(kept, step) ?? step.Start(now)))];
        Settings = settings;
    }

    /// <summary>Takes a measured value and adds what comes out by now, in order; mostly one value, often none.</summary>
    public void Push(double value, TimeSpan now, ICollection<FilteredValue> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        Advance(now, output);
        PassOn(0, value, now, output);
    }

    /// <summary>Gives every step that is due its turn and adds what comes out.</summary>
    public void Advance(TimeSpan now, ICollection<FilteredValue> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        while (NextDue is { } due && due <= now)
        {
            int index = _running.FindIndex(one => one.Filter.Due == due);
            if (_running[index].Filter.Turn(now) is { } value) { PassOn(index + 1, value, now, output); }
        }
    }

    private static Filter? Kept(List<(FilterStep Step, Filter Filter)> running, FilterStep step) =>
        running.Find(one => one.Step.Equals(step)).Filter;

    private void PassOn(int from, double value, TimeSpan now, ICollection<FilteredValue> output)
    {
        for (int i = from; i < _running.Count; i++)
        {
            if (_running[i].Filter.Accept(value, now) is not { } next) { return; }

            value = next;
        }

        output.Add(new FilteredValue(value, now));
    }
}
