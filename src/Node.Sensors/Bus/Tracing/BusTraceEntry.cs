using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>One transfer, or one thing that happened at a pin.</summary>
public sealed record BusTraceEntry
{
    /// <summary>When it began, on the monotonic clock, since the recording began; in whole microseconds.</summary>
    public required TimeSpan At { get; init; }

    /// <summary><c>i2c-1</c>, <c>spi-0.1</c> or <c>gpio</c>.</summary>
    public required string Bus { get; init; }

    /// <summary>The I2C address or the pin's number; 0 on SPI.</summary>
    public int Address { get; init; }

    /// <summary>What happened.</summary>
    public required BusOperation Operation { get; init; }

    /// <summary>The bytes to the chip.</summary>
    public ReadOnlyMemory<byte> Out { get; init; }

    /// <summary>The bytes from the chip; with an error as many zeros as were asked for.</summary>
    public ReadOnlyMemory<byte> In { get; init; }

    /// <summary>How the transfer failed, or 0.</summary>
    public int Errno { get; init; }

    /// <summary>A pin's level, 0 or 1.</summary>
    public int Level { get; init; }

    /// <summary>A pin's mode, by the name that System.Device.Gpio gives it.</summary>
    public string Mode { get; init; } = "";

    /// <summary>Whether both tell the same, whenever it was.</summary>
    public bool Matches(BusTraceEntry other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return AsksTheSame(other) && Errno == other.Errno && (Errno != 0 || In.Span.SequenceEqual(other.In.Span)) && Level == other.Level && Mode == other.Mode;
    }

    /// <summary>One line for people: <c>0.001234 i2c-1 0x76 writeRead d0 → 60</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{At.TotalSeconds:0.000000} {Text}");

    /// <summary>The same without the time.</summary>
    internal string Text => Bus == BusTraceFormat.Gpio
        ? string.Create(CultureInfo.InvariantCulture, $"gpio {Address} {BusTraceFormat.NameOf(Operation)} {(Operation == BusOperation.PinMode ? Mode : Level)}")
        : string.Create(CultureInfo.InvariantCulture,
            $"{Bus}{(Bus[0] == 'i' ? $" 0x{Address:X2}" : "")} {BusTraceFormat.NameOf(Operation)} {Convert.ToHexStringLower(Out.Span)}{Answer}");

    private string Answer => Errno != 0
        ? string.Create(CultureInfo.InvariantCulture, $" → errno {Errno}")
        : In.IsEmpty ? "" : $" → {Convert.ToHexStringLower(In.Span)}";

    /// <summary>Whether the program asked both for the same, whatever came of it.</summary>
    internal bool AsksTheSame(BusTraceEntry other) =>
        Bus == other.Bus && Address == other.Address && Operation == other.Operation && In.Length == other.In.Length && Out.Span.SequenceEqual(other.Out.Span);
}
