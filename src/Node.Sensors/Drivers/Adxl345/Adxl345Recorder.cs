using System.Device.Gpio;
using System.Device.Spi;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Every sample of an ADXL345, up to 3200 a second: the chip's FIFO collects them and asks by its watermark interrupt to be emptied. The
/// interrupt only shortens the wait; when no edge comes, the chip itself is asked. Calls must not overlap: one caller at a time.
/// Source: ADXL345 datasheet, rev. E, section FIFO.
/// </summary>
public sealed class Adxl345Recorder : IDisposable
{
    /// <summary>How many samples the chip's FIFO holds.</summary>
    private const int Levels = 32;

    /// <summary>From standby to the first sample, besides one period (table 1), and some time for the edge to be heard.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    private readonly Adxl345Registers _registers;
    private readonly Adxl345Drain _drain;
    private readonly InterruptInput _interrupt;
    private readonly GpioController _gpio;
    private readonly TimeProvider _time;
    private readonly int _pin;
    private readonly TimeSpan _longestWait;
    private readonly TimeSpan _longestSilence;
    private readonly int _watermark;
    private long _silentSince;
    private bool _isRunning;

    /// <summary>Takes ownership of the device, which must be open in mode 3, and of the pin; not of the controller. No exchange happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="SensorException">The pin cannot be had (<see cref="SensorFault.BusUnavailable"/>).</exception>
    public Adxl345Recorder(SpiDevice device, GpioController gpio, Adxl345RecorderOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(gpio);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        Adxl345Scale.ThrowUnlessWithin(options.Watermark, 1, 31, nameof(options.Watermark));
        Adxl345Scale.ThrowUnlessWithin((int)options.Line, (int)Adxl345Line.Int1, (int)Adxl345Line.Int2, nameof(options.Line));
        Adxl345Settings settings = new(options.Sensor, Adxl345Register.Watermark, options.Line, (byte)(Adxl345Register.StreamMode | options.Watermark));
        _registers = new Adxl345Registers(device, settings, options.Sensor.TransferAttempts);
        _drain = new Adxl345Drain(_registers, settings);
        _interrupt = new InterruptInput(gpio, options.Pin, PinMode.InputPullDown, PinEventTypes.Rising);
        _gpio = gpio;
        _time = time;
        _pin = options.Pin;
        _watermark = options.Watermark;
        _longestWait = settings.Period * (options.Watermark + Levels) / 2; // so that a missed edge costs no sample
        _longestSilence = _longestWait + Patience;
        Period = settings.Period;
    }

    /// <summary>The time between two samples by the chip's own clock.</summary>
    public TimeSpan Period { get; }

    /// <summary>How many samples were given so far.</summary>
    public long Count => _drain.Count;

    /// <summary>How often samples waited although no edge had told of them. Each time cost only delay.</summary>
    public long MissedEdges { get; private set; }

    private bool IsAsking => _gpio.Read(_pin) == PinValue.High;

    /// <summary>Opens the chip with the mode and clock that it needs. No exchange happens yet, so an absent bus shows later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="SensorException">The pin cannot be had (<see cref="SensorFault.BusUnavailable"/>).</exception>
    public static Adxl345Recorder Open(IBusProvider buses, SensorConnection connection, GpioController gpio, Adxl345RecorderOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(buses);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        return new Adxl345Recorder(buses.OpenSpi(Adxl345Registers.Connect(connection, options.Sensor)), gpio, options, time);
    }

    /// <summary>
    /// Waits until the chip asks, and takes all that it holds. The first call starts the chip. A chip that lost power is started again, and
    /// the batch says so.
    /// </summary>
    /// <exception cref="SensorException">The chip does not answer, is another one, or brings no samples. The next call tries again.</exception>
    public async ValueTask<Adxl345Batch> ReadAsync(CancellationToken cancellationToken)
    {
        if (!_isRunning) { Start(); }

        bool restarted = false;
        bool isLevelTrue = true;
        while (true)
        {
            bool late = _time.GetElapsedTime(_silentSince) >= _longestSilence; // judged before the look, for the sake of a slow scheduler
            _interrupt.Arm(); // before the look at the level, so that an edge after it counts
            bool asked = (isLevelTrue && IsAsking) || await _interrupt.WaitAsync(_longestWait, _time, cancellationToken);
            if (TryDrain(out bool nowRestarted) is { } batch)
            {
                MissedEdges += !asked && batch.Readings.Count >= _watermark ? 1 : 0;
                return batch;
            }

            if (nowRestarted ? restarted : late) { throw GiveUp(nowRestarted); }

            restarted |= nowRestarted;
            isLevelTrue = nowRestarted || !asked; // a line that asks for nothing may be stuck, and must not be obeyed at once again
        }
    }

    /// <summary>Puts the chip into standby if it still answers, and gives device and pin back.</summary>
    public void Dispose()
    {
        try
        {
            if (_isRunning) { _registers.Standby(); }
        }
        catch (SensorException)
        {
            // A chip that is gone needs no standby.
        }

        _isRunning = false;
        _interrupt.Dispose();
        _registers.Dispose();
    }

    private void Start()
    {
        _registers.Configure();
        _isRunning = true;
        _silentSince = _time.GetTimestamp();
    }

    private SensorException GiveUp(bool losesSettings)
    {
        _isRunning = false;
        _drain.ExpectGap();
        return new SensorException(SensorFault.NotReady, losesSettings
            ? $"{_registers.Place}: the ADXL345 loses its settings: check its supply."
            : $"{_registers.Place}: the ADXL345 brings no samples: power-cycle it.");
    }

    /// <summary>Empties the FIFO, or starts a chip that has lost its settings.</summary>
    /// <returns><see langword="null"/> when it held nothing.</returns>
    private Adxl345Batch? TryDrain(out bool restarted)
    {
        Adxl345Batch? batch = _drain.TryTake(out restarted);
        if (restarted) { Start(); }
        if (batch is not null) { _silentSince = _time.GetTimestamp(); }

        return batch;
    }
}
