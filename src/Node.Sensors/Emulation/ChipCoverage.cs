using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>
/// How much of an emulated chip was touched since its board was switched on. A bit counts when it was written as 0 and as 1, a register
/// that can be read when it was read, one that can be written when it was written.
/// </summary>
/// <param name="Chip">The datasheet's name.</param>
/// <param name="Registers">How many registers the chip has.</param>
/// <param name="RegistersTouched">How many of them were read and written as far as they can be.</param>
/// <param name="Bits">How many bits can be written.</param>
/// <param name="BitsTouched">How many of them were written as 0 and as 1.</param>
/// <param name="Commands">How many commands the chip has.</param>
/// <param name="CommandsTouched">How many of them were carried out.</param>
/// <param name="Untouched">What is missing, by name.</param>
public sealed record ChipCoverage(
    string Chip, int Registers, int RegistersTouched, int Bits, int BitsTouched, int Commands, int CommandsTouched, IReadOnlyList<string> Untouched)
{
    /// <summary>Nothing to cover.</summary>
    public static ChipCoverage None { get; } = new("", 0, 0, 0, 0, 0, 0, []);

    /// <summary>The share of registers, bits and commands that were touched, 0 to 1; 1 when there are none.</summary>
    public double Ratio
    {
        get
        {
            int all = Registers + Bits + Commands;
            return all == 0 ? 1 : (double)(RegistersTouched + BitsTouched + CommandsTouched) / all;
        }
    }

    /// <summary>One line for people.</summary>
    public override string ToString()
    {
        string counts = string.Create(CultureInfo.InvariantCulture,
            $"{Chip,-9} {100 * Ratio,6:0.0} %  registers {RegistersTouched}/{Registers}  bits {BitsTouched}/{Bits}  commands {CommandsTouched}/{Commands}");
        return Untouched.Count == 0 ? counts : $"{counts}  untouched: {string.Join(", ", Untouched)}";
    }
}
