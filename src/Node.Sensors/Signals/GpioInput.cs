using System.Device.Gpio;
using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Gpio;
using Node.Sensors.Drivers;

namespace Node.Sensors.Signals;

/// <summary>
/// A door contact, rain gauge, flow meter or button: a pin whose edges are counted between readings. Each reading also looks at the level, so
/// that an edge which the system did not tell of is found by what it left behind. A pulse that was lost as a whole leaves nothing behind.
/// </summary>
public sealed class GpioInput : ISensor
{
    private const double Most = 1e15;

    private static readonly Quantity Active = new("active", "unity", 0, 1);
    private static readonly Quantity Count = new("count", "unity", 0, Most);
    private static readonly Quantity Rate = new("rate", "hertz", 0, 1e6);
    private static readonly Quantity SinceLastEdge = new("sinceLastEdge", "second", 0, Most);
    private static readonly Quantity MissedEdges = new("missedEdges", "unity", 0, Most);

    private readonly GpioController _gpio;
    private readonly GpioInputOptions _options;
    private readonly TimeProvider _time;
    private readonly long _origin;
    private readonly Lock _gate = new();
    private readonly EdgeClock _edgeClock = new();
    private readonly Debouncer _debouncer;
    private long _lastCount;
    private TimeSpan _lastReading;

    /// <summary>Opens the pin and begins to count. The controller stays the caller's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="SensorException">The pin is taken or cannot be had (<see cref="SensorFault.BusUnavailable"/>).</exception>
    public GpioInput(GpioController gpio, GpioInputOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(gpio);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _gpio = gpio;
        _options = options;
        _time = time;
        _origin = time.GetTimestamp();
        if (gpio.IsPinOpen(options.Pin)) { throw Taken(null); }

        try
        {
            gpio.OpenPin(options.Pin, options.Pull switch { GpioPull.Up => PinMode.InputPullUp, GpioPull.Down => PinMode.InputPullDown, _ => PinMode.Input });
            lock (_gate) // an edge that comes at once waits until the level is known
            {
                gpio.RegisterCallbackForPinValueChangedEvent(options.Pin, PinEventTypes.Rising | PinEventTypes.Falling, OnEdge);
                _debouncer = new Debouncer(TimeSpan.FromMilliseconds(options.DebounceMilliseconds), Meaning(gpio.Read(options.Pin) == PinValue.High), TimeSpan.Zero);
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            throw Taken(failure);
        }
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities => CatalogEntry.Quantities;

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<GpioInputOptions>(Table(), static _ => [Active, Count, Rate, SinceLastEdge, MissedEdges],
        static (buses, _, options, time) => SensorOpening.WithPins(buses, gpio => new GpioInput(gpio, options, time))))
    {
        Name = "GpioInput",
        Description = "edges of a contact or pulse output, debounced and counted",
        Bus = SensorBus.Gpio,
        Addresses = [],
        Quantities = [Active, Count, Rate, SinceLastEdge, MissedEdges],
    };

    private TimeSpan Now => _time.GetElapsedTime(_origin);

    /// <summary>Nothing to do: the pin counts from the start.</summary>
    public Task InitializeAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <remarks>The rate is that since the last reading, and missing when no time has passed; <c>sinceLastEdge</c> is missing before the first edge.</remarks>
    public ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            TimeSpan now = Now;
            _debouncer.Look(Meaning(ReadPin()), now);
            List<QuantityValue> values = [new(Active, _debouncer.IsActive ? 1 : 0), new(Count, _debouncer.Count)];
            if (now > _lastReading) { values.Add(new(Rate, Math.Min((_debouncer.Count - _lastCount) / (now - _lastReading).TotalSeconds, Rate.Maximum))); }
            if (_debouncer.LastEdge is { } edge) { values.Add(new(SinceLastEdge, (now - edge).TotalSeconds)); }

            values.Add(new(MissedEdges, _debouncer.MissedEdges));
            (_lastCount, _lastReading) = (_debouncer.Count, now);
            return ValueTask.FromResult(new SensorReading(values));
        }
    }

    /// <summary>Stops listening and closes the pin.</summary>
    public void Dispose()
    {
        if (!_gpio.IsPinOpen(_options.Pin)) { return; }

        _gpio.UnregisterCallbackForPinValueChangedEvent(_options.Pin, OnEdge);
        _gpio.ClosePin(_options.Pin);
    }

    private static SensorOptionTable<GpioInputOptions> Table() => new SensorOptionTable<GpioInputOptions>(new(), static options => options.Validate())
        .Integer("Pin", "the header's pin (BCM number)", 0, 53, static o => o.Pin < 0 ? null : o.Pin, static (o, v) => o with { Pin = v }, isRequired: true)
        .Choice("Pull", "the Pi's resistor that holds an open line", static o => o.Pull, static (o, v) => o with { Pull = v })
        .Flag("ActiveLow", "whether low is active, as with a contact to ground", static o => o.ActiveLow, static (o, v) => o with { ActiveLow = v })
        .Number("DebounceMilliseconds", "how long a level must stand to count", 0, 10_000, static o => o.DebounceMilliseconds, static (o, v) => o with { DebounceMilliseconds = v });

    private bool Meaning(bool isHigh) => isHigh != _options.ActiveLow;

    private bool ReadPin()
    {
        try
        {
            return _gpio.Read(_options.Pin) == PinValue.High;
        }
        catch (Exception failure) when (failure is IOException or InvalidOperationException)
        {
            throw new SensorException(SensorFault.BusFailure, string.Create(CultureInfo.InvariantCulture, $"GPIO{_options.Pin}: cannot be read: check that no other program uses the pin."), failure);
        }
    }

    /// <summary>By the time at which it happened, where the driver tells it: edges that a busy machine tells all at once are as far apart as they were.</summary>
    private void OnEdge(object sender, PinValueChangedEventArgs edge)
    {
        lock (_gate)
        {
            TimedPinEdge? timed = edge as TimedPinEdge;
            TimeSpan at = timed is null ? Now : _edgeClock.Happened(timed.At, Now);
            _debouncer.Edge(Meaning(edge.ChangeType == PinEventTypes.Rising), at, timed?.LostBefore ?? 0);
        }
    }

    private SensorException Taken(Exception? failure) => new(SensorFault.BusUnavailable, string.Create(CultureInfo.InvariantCulture,
        $"GPIO{_options.Pin}: cannot be used as an input: give it a pin that nothing else uses."), failure);
}
