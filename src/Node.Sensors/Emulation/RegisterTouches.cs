using System.Globalization;

namespace Node.Sensors.Emulation;

/// <summary>Which registers were read, and which bits written as 0 and as 1.</summary>
internal sealed class RegisterTouches
{
    private readonly bool[] _read = new bool[256];
    private readonly int[] _ones = new int[256];
    private readonly int[] _zeros = new int[256];

    public void Read(byte address) => _read[address] = true;

    public void Written(byte address, int value)
    {
        _ones[address] |= value;
        _zeros[address] |= ~value;
    }

    public ChipCoverage Over(string chip, IReadOnlyList<RegisterDescription> registers)
    {
        int touched = 0;
        int bits = 0;
        int bitsTouched = 0;
        List<string> untouched = [];
        foreach (RegisterDescription register in registers)
        {
            byte at = register.Address;
            int written = _ones[at] | _zeros[at];
            int both = _ones[at] & _zeros[at] & register.WriteMask;
            bool whole = (register.Access == RegisterAccess.WriteOnly || _read[at]) && (register.Access == RegisterAccess.ReadOnly || written != 0);
            touched += whole ? 1 : 0;
            bits += int.PopCount(register.WriteMask);
            bitsTouched += int.PopCount(both);
            if (!whole || both != register.WriteMask)
            {
                untouched.Add(string.Create(CultureInfo.InvariantCulture, $"{register.Name}{(whole ? $" bits {register.WriteMask & ~both:X}" : "")}"));
            }
        }

        return new ChipCoverage(chip, registers.Count, touched, bits, bitsTouched, 0, 0, untouched);
    }
}
