using System.Globalization;

namespace Node.Sensors.Drivers;

/// <summary>How an MCP3008 is wired and read.</summary>
public sealed record Mcp3008Options
{
    private const double LowestReference = 0.25; // datasheet section 1.0, electrical characteristics
    private const double HighestReference = 5.5;

    /// <summary>What a reading holds, in order; each at most once. Default the eight channels against ground.</summary>
    public IReadOnlyList<Mcp3008Input> Inputs { get; init; } =
    [
        Mcp3008Input.Channel0, Mcp3008Input.Channel1, Mcp3008Input.Channel2, Mcp3008Input.Channel3,
        Mcp3008Input.Channel4, Mcp3008Input.Channel5, Mcp3008Input.Channel6, Mcp3008Input.Channel7,
    ];

    /// <summary>The voltage on VREF in volts, 0.25 to 5.5. Default 3.3.</summary>
    public double ReferenceVolts { get; init; } = 3.3;

    /// <summary>
    /// The bus clock in hertz, 10,000 to 3,600,000: below, the sampling capacitor loses its charge; above, the converter is too slow. The limit
    /// falls with the supply, to 1.35 MHz at 2.7 V. Default 1,000,000.
    /// </summary>
    public int ClockHertz { get; init; } = 1_000_000;

    /// <summary>How many conversions in a row are averaged for one value, 1 to 256. Default 1.</summary>
    public int Samples { get; init; } = 1;

    /// <summary>
    /// Whether each exchange goes on after the last bit, where the chip repeats its result backwards (section 5.0), and the two are compared.
    /// Default <see langword="true"/>; it costs two bytes and finds disturbed bits.
    /// </summary>
    public bool CheckRepetition { get; init; } = true;

    /// <summary>An input to check at every measurement, or <see langword="null"/> (default) for none.</summary>
    public Mcp3008KnownInput? KnownInput { get; init; }

    /// <summary>How often an exchange that failed, or whose answer cannot be right, is tried in all, 1 to 10. Default 3.</summary>
    public int TransferAttempts { get; init; } = 3;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Inputs);
        ThrowUnlessWithin(ReferenceVolts, LowestReference, HighestReference, nameof(ReferenceVolts));
        ThrowUnlessWithin(ClockHertz, 10_000, 3_600_000, nameof(ClockHertz));
        ThrowUnlessWithin(Samples, 1, 256, nameof(Samples));
        ThrowUnlessWithin(TransferAttempts, 1, 10, nameof(TransferAttempts));
        if (Inputs.Count == 0 || Inputs.Distinct().Count() != Inputs.Count || Inputs.Any(static input => !Enum.IsDefined(input)))
        {
            throw new ArgumentOutOfRangeException(nameof(Inputs), "Name at least one input, and each at most once.");
        }

        if (KnownInput is not { } known) { return; }

        ThrowUnlessWithin((int)known.Input, 0, 15, nameof(KnownInput));
        ThrowUnlessWithin(known.Volts, double.Epsilon, ReferenceVolts, nameof(KnownInput));
        ThrowUnlessWithin(known.ToleranceVolts, 0, Math.BitDecrement(known.Volts), nameof(KnownInput));
    }

    private static void ThrowUnlessWithin(double value, double minimum, double maximum, string name)
    {
        if (value >= minimum && value <= maximum) { return; } // false for what is no number

        throw new ArgumentOutOfRangeException(name, value, string.Create(CultureInfo.InvariantCulture, $"Allowed is {minimum} to {maximum}."));
    }
}
