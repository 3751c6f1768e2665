using System.Device.Gpio;
using System.Device.I2c;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Texas Instruments ADS1115: four-input 16-bit analog-to-digital converter over I2C. Measures in single-shot mode, one conversion for each
/// channel: the chip is powered down in between. Source: ADS1115 datasheet SBAS444.
/// </summary>
public sealed class Ads1115 : ISensor
{
    /// <summary>ADDR to ground (default), supply, SDA, SCL.</summary>
    private static readonly int[] Addresses = [0x48, 0x49, 0x4A, 0x4B];

    private readonly Ads1115Port _port;
    private readonly Ads1115Settings _settings;
    private readonly IReadOnlyList<Ads1115Channel> _channels;
    private readonly InterruptInput? _ready;
    private readonly TimeProvider _time;
    private bool _initialized;

    /// <summary>Takes ownership of the device, not of the controller. No transfer happens yet.</summary>
    /// <param name="device">The chip's address on its bus.</param>
    /// <param name="options">How to measure.</param>
    /// <param name="time">The clock for waits and limits.</param>
    /// <param name="gpio">The header's pins; needed with <see cref="Ads1115Options.ReadyPin"/>, which is opened with a pull-up, because the output is an open drain.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    /// <exception cref="ArgumentException">Two channels have the same name.</exception>
    /// <exception cref="SensorException">The ready pin is in use.</exception>
    public Ads1115(I2cDevice device, Ads1115Options options, TimeProvider time, GpioController? gpio = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.Validate();
        _port = new Ads1115Port(new I2cRegisters(device, options.TransferAttempts), time);
        _settings = new Ads1115Settings(options);
        _channels = [.. options.Channels];
        _time = time;
        Quantities = [.. _channels.Select(_settings.Quantity)];
        if (options.ReadyPin is { } pin)
        {
            ArgumentNullException.ThrowIfNull(gpio);
            _ready = new InterruptInput(gpio, pin, PinMode.InputPullUp, PinEventTypes.Falling);
        }
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Ads1115Options>(Ads1115OptionTable.Create(), QuantitiesOf, static (buses, connection, options, time) =>
    {
        I2cDevice device = buses.OpenI2c(connection.BusId, connection.Address ?? Addresses[0]);
        return options.ReadyPin is null
            ? new Ads1115(device, options, time)
            : SensorOpening.WithPins(buses, gpio => new Ads1115(device, options, time, gpio));
    }))
    {
        Name = "ADS1115",
        Description = "four voltages against ground",
        Addresses = Addresses,
        Quantities = QuantitiesOf(new Ads1115Options()),
    };

    /// <inheritdoc/>
    /// <remarks>The chip has no identity and no reset of its own (the general call would reset others too), so it is known by keeping what is written.</remarks>
    public async Task InitializeAsync(CancellationToken cancellationToken)
    {
        _initialized = false;
        ushort config = _settings.Config(_channels[0]);
        _port.RequireKeeping(config);

        // An earlier program may have left a conversion running, and a start would have no effect until it has ended.
        await _port.WaitUntilIdleAsync(config, TimeSpan.Zero, Ads1115Settings.SlowestConversion * 2, cancellationToken);
        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || !_port.HasKeptItsMark()) { await InitializeAsync(cancellationToken); }

        _initialized = false; // a chip that loses its settings meanwhile is set up anew by the next call
        Ads1115Frame[] frames = new Ads1115Frame[_channels.Count];
        for (int i = 0; i < frames.Length; i++) { frames[i] = await ConvertAsync(_channels[i], cancellationToken); }

        // Looked at last: a chip that lost power in between shows its power-on state, and 0x0000 in the conversion register would pass for 0 V.
        if (!_port.HasKeptItsMark()) { throw _port.LostItsSettings(); }

        _initialized = true;

        return new SensorReading([.. frames.Select((frame, i) => Checked(frame, i))]);
    }

    /// <summary>Disposes the device and closes the ready pin. The chip stays powered down, as it is after every conversion.</summary>
    public void Dispose()
    {
        _ready?.Dispose();
        _port.Dispose();
    }

    private static Quantity[] QuantitiesOf(Ads1115Options options) => [.. options.Channels.Select(new Ads1115Settings(options).Quantity)];

    private async ValueTask<Ads1115Frame> ConvertAsync(Ads1115Channel channel, CancellationToken cancellationToken)
    {
        ushort config = _settings.Config(channel);
        _ready?.Arm();
        _port.Start(config);
        if (_ready is not null) { await _ready.WaitAsync(_settings.MaximumTime, _time, cancellationToken); }

        TimeSpan firstWait = _ready is null ? _settings.TypicalTime : TimeSpan.Zero;
        await _port.WaitUntilIdleAsync(config, firstWait, _settings.MaximumTime * 2, cancellationToken);
        return _port.ReadConversion();
    }

    private QuantityValue Checked(Ads1115Frame frame, int channel)
    {
        Quantity quantity = Quantities[channel];
        double volts = frame.Volts(_channels[channel].FullScaleVolts) * _channels[channel].Multiplier;
        if (!frame.IsClipped && volts >= quantity.Minimum && volts <= quantity.Maximum) { return new QuantityValue(quantity, volts); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_port.Place}: the ADS1115's {quantity.Name} of {volts:0.###} V is at the end of its range or beyond {quantity.Minimum:0.###} to {quantity.Maximum:0.###} V: check the input, or choose a larger range."));
    }
}
