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

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(1);

    private readonly I2cRegisters _registers;
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
        _registers = new I2cRegisters(device, options.TransferAttempts);
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
        Write(Ads1115Register.Config, config);
        Write(Ads1115Register.LowThreshold, Ads1115Register.ReadyLineLowThreshold);
        Write(Ads1115Register.HighThreshold, Ads1115Register.ReadyLineHighThreshold);
        ushort kept = Read(Ads1115Register.Config);
        if (!HasKeptItsMark() || WithoutStatus(kept) != config) { throw NotThisChip(kept); }

        // An earlier program may have left a conversion running, and a start would have no effect until it has ended.
        await WaitUntilIdleAsync(config, TimeSpan.Zero, Ads1115Settings.SlowestConversion * 2, cancellationToken);
        _initialized = true;
    }

    /// <inheritdoc/>
    public async ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        if (!_initialized || !HasKeptItsMark()) { await InitializeAsync(cancellationToken); }

        Ads1115Frame[] frames = new Ads1115Frame[_channels.Count];
        for (int i = 0; i < frames.Length; i++) { frames[i] = await ConvertAsync(_channels[i], cancellationToken); }

        // Looked at last: a chip that lost power in between shows its power-on state, and 0x0000 in the conversion register would pass for 0 V.
        if (!HasKeptItsMark()) { throw LostItsSettings(); }

        return new SensorReading([.. frames.Select((frame, i) => Checked(frame, i))]);
    }

    /// <summary>Disposes the device and closes the ready pin. The chip stays powered down, as it is after every conversion.</summary>
    public void Dispose()
    {
        _ready?.Dispose();
        _registers.Dispose();
    }

    private static Quantity[] QuantitiesOf(Ads1115Options options) => [.. options.Channels.Select(new Ads1115Settings(options).Quantity)];

    private static ushort WithoutStatus(ushort config) => (ushort)(config & ~Ads1115Register.OperationalStatus);

    private async ValueTask<Ads1115Frame> ConvertAsync(Ads1115Channel channel, CancellationToken cancellationToken)
    {
        ushort config = _settings.Config(channel);
        _ready?.Arm();
        Write(Ads1115Register.Config, (ushort)(config | Ads1115Register.OperationalStatus));
        if (_ready is not null) { await _ready.WaitAsync(_settings.MaximumTime, _time, cancellationToken); }

        TimeSpan firstWait = _ready is null ? _settings.TypicalTime : TimeSpan.Zero;
        await WaitUntilIdleAsync(config, firstWait, _settings.MaximumTime * 2, cancellationToken);
        return Ads1115Frame.Decode(BytesOf(Ads1115Register.Conversion));
    }

    /// <summary>Asks until the status bit says that no conversion runs. Its register also tells whether it is still this driver's conversion.</summary>
    private async ValueTask WaitUntilIdleAsync(ushort config, TimeSpan firstWait, TimeSpan limit, CancellationToken cancellationToken)
    {
        long start = _time.GetTimestamp();
        TimeSpan wait = firstWait;
        while (true)
        {
            if (wait > TimeSpan.Zero) { await Task.Delay(wait, _time, cancellationToken); }

            bool late = _time.GetElapsedTime(start) >= limit; // judged before the look, so that a slow scheduler never fails a chip that is ready
            ushort now = Read(Ads1115Register.Config);
            if (WithoutStatus(now) != config) { throw LostItsSettings(); }
            if ((now & Ads1115Register.OperationalStatus) != 0) { return; }

            if (late)
            {
                throw new SensorException(SensorFault.NotReady, string.Create(CultureInfo.InvariantCulture,
                    $"{_registers.Place}: the ADS1115 did not finish a conversion in {limit.TotalMilliseconds:0.#} ms: power-cycle it."));
            }

            wait = PollPeriod;
        }
    }

    private bool HasKeptItsMark() => Read(Ads1115Register.HighThreshold) == Ads1115Register.ReadyLineHighThreshold
        && Read(Ads1115Register.LowThreshold) == Ads1115Register.ReadyLineLowThreshold;

    private QuantityValue Checked(Ads1115Frame frame, int channel)
    {
        Quantity quantity = Quantities[channel];
        double volts = frame.Volts(_channels[channel].FullScaleVolts) * _channels[channel].Multiplier;
        if (!frame.IsClipped && volts >= quantity.Minimum && volts <= quantity.Maximum) { return new QuantityValue(quantity, volts); }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_registers.Place}: the ADS1115's {quantity.Name} of {volts:0.###} V is at the end of its range or beyond {quantity.Minimum:0.###} to {quantity.Maximum:0.###} V: check the input, or choose a larger range."));
    }

    private SensorException LostItsSettings()
    {
        _initialized = false;
        return new SensorException(SensorFault.NotReady,
            $"{_registers.Place}: the ADS1115 lost its settings while it measured: check its supply, and that no other program uses it.");
    }

    private SensorException NotThisChip(ushort kept) => new(SensorFault.WrongId, kept is 0x0000 or 0xFFFF
        ? $"{_registers.Place}: reads 0x{kept:X4} after every write, so the data line seems stuck: check wiring and pull-up resistors."
        : $"{_registers.Place}: does not keep an ADS1115's settings: another chip has this address; configure that chip, or change the address strap.");

    private ushort Read(byte register)
    {
        byte[] bytes = BytesOf(register);
        return (ushort)((bytes[0] << 8) | bytes[1]);
    }

    private byte[] BytesOf(byte register)
    {
        byte[] bytes = new byte[Ads1115Frame.Length];
        _registers.Read(register, bytes);
        return bytes;
    }

    private void Write(byte register, ushort word) => _registers.Write(register, (byte)(word >> 8), (byte)word);
}
