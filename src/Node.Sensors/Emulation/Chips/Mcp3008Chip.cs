using System.Device.Spi;

namespace Node.Sensors.Emulation;

/// <summary>
/// An MCP3008 at bit level. After the select falls it waits for the first 1, takes four selection bits, lets one clock pass while it samples,
/// and then drives the line: a 0, ten bits from the highest, the same bits back from B1, and zeros for as long as the clock runs.
/// Source: MCP3008 datasheet DS21295, chapters 4 to 6.
/// </summary>
public sealed class Mcp3008Chip : EmulatedSpiChip
{
    private const int SelectionBits = 4;

    /// <summary>Clocks from the start bit to the null bit: four selection bits, one to sample, and the null bit itself.</summary>
    private const int NullBitAt = 6;

    /// <summary>Below this clock the sampling capacitor loses charge while it is converted; section 6.2.</summary>
    private const double SlowestClockHertz = 10_000;

    private readonly EmulatedSurroundings _surroundings;
    private readonly UnitNoise _noise;
    private readonly double _referenceVolts;
    private readonly CommandTable _selections = new();

    internal Mcp3008Chip(EmulatedSurroundings surroundings, int seed, EmulatedChipOptions options)
        : base("MCP3008")
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ReferenceVolts);
        _surroundings = surroundings;
        _noise = surroundings.Noise(seed, options.HasTolerances);
        _referenceVolts = options.ReferenceVolts;
        for (int selection = 0; selection < 1 << SelectionBits; selection++)
        {
            int channel = selection & 7;
            string name = selection >= 8 ? $"CH{channel}" : $"CH{channel} against CH{channel ^ 1}";
            _selections.Add(selection, name, static _ => { }, responseWords: 1);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The sixteen selections: eight inputs against ground, eight pairs; table 5-2.</remarks>
    public override IReadOnlyList<CommandDescription> Commands => _selections.Descriptions;

    /// <inheritdoc/>
    public override ChipCoverage Coverage => _selections.Cover(Name);

    /// <inheritdoc/>
    public override IReadOnlyList<SpiMode> Modes { get; } = [SpiMode.Mode0, SpiMode.Mode3];

    /// <inheritdoc/>
    /// <remarks>Section 1.0: 1.35 MHz at 2.7 V and 3.6 MHz at 5 V; the strict kind below 5 V.</remarks>
    public override int MaximumClockHertz => _referenceVolts < 5 ? 1_350_000 : 3_600_000;

    private protected override void Answer(ReadOnlySpan<byte> mosi, Span<byte> miso, int clockHertz)
    {
        int clocks = mosi.Length * 8;
        int start = 0;
        while (start < clocks && !BitAt(mosi, start)) { start++; }

        if (start + NullBitAt >= clocks) { return; }

        int selection = 0;
        for (int bit = 1; bit <= SelectionBits; bit++) { selection = (selection << 1) | (BitAt(mosi, start + bit) ? 1 : 0); }

        _selections.Find(selection, 0)?.Execute([]);
        int code = Convert(selection, Math.Min(1, clockHertz / SlowestClockHertz));
        for (int clock = start + NullBitAt; clock < clocks; clock++) { SetBit(miso, clock, OutputBit(code, clock - start - NullBitAt)); }
    }

    private protected override void PowerOnReset()
    {
    }

    private static bool BitAt(ReadOnlySpan<byte> bytes, int clock) => ((bytes[clock >> 3] << (clock & 7)) & 0x80) != 0;

    private static void SetBit(Span<byte> bytes, int clock, bool high)
    {
        int mask = 0x80 >> (clock & 7);
        bytes[clock >> 3] = (byte)(high ? bytes[clock >> 3] | mask : bytes[clock >> 3] & ~mask);
    }

    /// <param name="code">The result.</param>
    /// <param name="position">0 is the null bit, 1 to 10 are B9 to B0, 11 to 19 are B1 to B9.</param>
    private static bool OutputBit(int code, int position) => position switch
    {
        >= 1 and <= 10 => ((code >> (10 - position)) & 1) != 0,
        >= 11 and <= 19 => ((code >> (position - 10)) & 1) != 0,
        _ => false,
    };

    /// <summary>Truncates, as the successive approximation does. A difference below zero reads as 0, one above the reference as 1023.</summary>
    private int Convert(int selection, double chargeLeft)
    {
        int channel = selection & 7;
        bool single = selection >= 8;
        TimeSpan now = _surroundings.Elapsed;
        double volts = _surroundings.Ambient.InputVolts[channel].At(now);
        if (!single) { volts -= _surroundings.Ambient.InputVolts[channel ^ 1].At(now); }

        double steps = volts * chargeLeft * 1024 / _referenceVolts;
        return (int)Math.Clamp(Math.Floor(steps + Error(channel, now, steps / 1024)), 0, 1023);
    }

    /// <summary>In steps; section 1.0: offset up to 1.5, gain up to 1 over the whole range. Some noise of the reference comes on top.</summary>
    private double Error(int channel, TimeSpan now, double shareOfRange) =>
        _noise.Error(0, 0.5) + (_noise.Error(1, 0.33) * shareOfRange) + _noise.At(now, channel, 0.2);
}
