using System.Globalization;
using System.Text;

namespace Node.Host.Scanning;

/// <summary>What a scan of one bus found, and its picture, which is i2cdetect's letter for letter.</summary>
internal sealed class I2cGrid(IReadOnlyDictionary<int, AddressState> states)
{
    /// <summary>The lowest address that a chip may have.</summary>
    public const int First = 0x03;

    /// <summary>The highest address that a chip may have.</summary>
    public const int Last = 0x77;

    /// <summary>Addresses at which something is, in order.</summary>
    public IReadOnlyList<int> Found { get; } = [.. states.Where(pair => pair.Value != AddressState.Silent).Select(pair => pair.Key).Order()];

    public AddressState this[int address] => states.GetValueOrDefault(address);

    public static I2cGrid Scan(IAddressProbe probe) =>
        new(Enumerable.Range(First, Last - First + 1).ToDictionary(address => address, probe.Probe));

    /// <summary>What this grid has and another has not.</summary>
    public I2cGrid Without(I2cGrid other) => new(states.Where(pair => other[pair.Key] == AddressState.Silent).ToDictionary());

    public override string ToString()
    {
        var text = new StringBuilder("     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f\n");
        for (int row = 0; row < 0x80; row += 0x10)
        {
            text.Append(CultureInfo.InvariantCulture, $"{row:x2}: ");
            for (int address = row; address < row + 0x10; address++)
            {
                text.Append(Cell(address));
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private string Cell(int address) => address is < First or > Last ? "   " : this[address] switch
    {
        AddressState.Answers => string.Create(CultureInfo.InvariantCulture, $"{address:x2} "),
        AddressState.TakenByDriver => "UU ",
        _ => "-- ",
    };
}
