using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>
/// Microchip MCP3008: eight analog inputs, 10 bits, over SPI in mode 0. The chip keeps nothing between two conversions, so a brown-out needs
/// no care. It has no identity either: it is there when it drives the null bit low, and repeats each result backwards.
/// Source: MCP3008 datasheet DS21295.
/// </summary>
public sealed class Mcp3008 : ISensor
{
    private readonly SpiExchange _wire;
    private readonly Mcp3008Options _options;
    private readonly int _frameLength;

    /// <summary>Takes ownership of the device, which must be open in mode 0 (or 3) with 8-bit words. No exchange happens yet.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public Mcp3008(SpiDevice device, Mcp3008Options options)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _wire = new SpiExchange(device, options.TransferAttempts);
        _options = options;
        _frameLength = options.CheckRepetition ? Mcp3008Frame.LongLength : Mcp3008Frame.ShortLength;
        Quantities = QuantitiesOf(options);
    }

    /// <inheritdoc/>
    public string Chip => CatalogEntry.Name;

    /// <inheritdoc/>
    /// <remarks><c>voltage3</c> for a channel against ground and <c>voltage0Minus1</c> for a pair, in volts from 0 to the reference.</remarks>
    public IReadOnlyList<Quantity> Quantities { get; }

    internal static SensorChip CatalogEntry { get; } = new(new SensorOpening<Mcp3008Options>(Mcp3008OptionTable.Create(), QuantitiesOf, static (buses, connection, options, _) => Open(buses, connection, options)))
    {
        Name = "MCP3008",
        Description = "eight voltages",
        Bus = SensorBus.Spi,
        Addresses = [],
        Quantities = QuantitiesOf(new Mcp3008Options()),
    };

    /// <summary>Opens the chip with the mode and clock that the options ask for. No exchange happens yet, so an absent bus shows later.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public static Mcp3008 Open(IBusProvider buses, SensorConnection connection, Mcp3008Options options)
    {
        ArgumentNullException.ThrowIfNull(buses);
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        SpiConnectionSettings settings = new(connection.SpiBusId, connection.ChipSelect) { Mode = SpiMode.Mode0, ClockFrequency = options.ClockHertz };
        return new Mcp3008(buses.OpenSpi(settings), options);
    }

    /// <summary>Converts each input once to see whether a chip answers. Nothing needs to be set.</summary>
    /// <exception cref="SensorException">Nothing answers as an MCP3008 does.</exception>
    public async Task InitializeAsync(CancellationToken cancellationToken) => await MeasureAsync(cancellationToken);

    /// <inheritdoc/>
    /// <remarks>Inputs are converted one after the other in the order of the options; each takes the chip about 24 clocks.</remarks>
    public ValueTask<SensorReading> MeasureAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RequireKnownInput();
        List<QuantityValue> values = new(Quantities.Count);
        for (int i = 0; i < Quantities.Count; i++) { values.Add(new QuantityValue(Quantities[i], Volts(_options.Inputs[i]))); }

        return ValueTask.FromResult(new SensorReading(values));
    }

    /// <summary>Disposes the device. The chip is always asleep while it is not selected.</summary>
    public void Dispose() => _wire.Dispose();

    private static Quantity[] QuantitiesOf(Mcp3008Options options) =>
        [.. options.Inputs.Select(input => new Quantity(NameOf(input), "volt", 0, options.ReferenceVolts))];

    private static string NameOf(Mcp3008Input input)
    {
        int code = (int)input;
        return code >= (int)Mcp3008Input.Channel0
            ? string.Create(CultureInfo.InvariantCulture, $"voltage{code - (int)Mcp3008Input.Channel0}")
            : string.Create(CultureInfo.InvariantCulture, $"voltage{code}Minus{code ^ 1}");
    }

    private double Volts(Mcp3008Input input)
    {
        double sum = 0;
        for (int sample = 0; sample < _options.Samples; sample++) { sum += Convert(input); }

        return sum / _options.Samples * _options.ReferenceVolts / Mcp3008Frame.Codes; // equation 4-2
    }

    /// <summary>
    /// One conversion, repeated while the answer cannot be right: a moment's noise on the line is no reason to fail. What repeats nothing at all
    /// but gives the same result every time is believed: there are chips of other makers, and emulations, that end with the result.
    /// </summary>
    private int Convert(Mcp3008Input input)
    {
        Span<byte> send = stackalloc byte[_frameLength];
        Span<byte> receive = stackalloc byte[_frameLength];
        Mcp3008Frame.Request(input, send);
        Mcp3008Frame? first = null;
        bool endsWithResult = _options.TransferAttempts > 1;
        for (int attempt = 1; ; attempt++)
        {
            _wire.Transfer(send, receive);
            Mcp3008Frame frame = Mcp3008Frame.Decode(receive);
            if (frame is { IsDriven: true, IsConsistent: true }) { return frame.Code; }

            endsWithResult &= frame is { IsDriven: true, IsSilent: true } && frame == (first ??= frame);
            if (attempt >= _options.TransferAttempts) { return endsWithResult ? frame.Code : throw Implausible(frame); }
        }
    }

    private SensorException Implausible(Mcp3008Frame frame) => frame.IsDriven
        ? new SensorException(SensorFault.ChecksumMismatch,
            $"{_wire.Place}: the MCP3008's result and its repetition differ: shorten the wires, lower the clock, or check that the chip is an MCP3008.")
        : new SensorException(SensorFault.NoAcknowledge,
            $"{_wire.Place}: nothing drives the data line where an MCP3008 sends its null bit: check power, wiring and chip select.");

    private void RequireKnownInput()
    {
        if (_options.KnownInput is not { } known) { return; }

        double volts = Volts(known.Input);
        if (Math.Abs(volts - known.Volts) <= known.ToleranceVolts) { return; }

        throw new SensorException(SensorFault.OutOfRange, string.Create(CultureInfo.InvariantCulture,
            $"{_wire.Place}: the MCP3008 reads {volts:0.###} V on {NameOf(known.Input)}, which is wired to {known.Volts:0.###} V: check the data line, the reference and the supply."));
    }
}
