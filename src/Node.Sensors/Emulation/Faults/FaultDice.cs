namespace Node.Sensors.Emulation;

/// <summary>Chance that depends on nothing but seed, transfer and purpose, so that the order of threads changes nothing.</summary>
internal readonly struct FaultDice(int seed, string target)
{
    private readonly ulong _start = Mix(((ulong)(uint)seed << 32) ^ Hash(target));

    /// <summary>A number from 0 up to, but not, 1.</summary>
    public double Draw(long transfer, int purpose) => (Mix(_start ^ Mix(((ulong)transfer << 20) ^ (uint)purpose)) >> 11) * Math.ScaleB(1.0, -53);

    /// <summary>FNV-1a; the runtime's own hash of a text differs from process to process.</summary>
    private static ulong Hash(string text)
    {
        ulong hash = 0xCBF2_9CE4_8422_2325;
        foreach (char letter in text) { hash = (hash ^ letter) * 0x0000_0100_0000_01B3; }

        return hash;
    }

    /// <summary>Multiplication by large odd numbers between shifts spreads every bit over all 64.</summary>
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58_476D_1CE4_E5B9;
        value = (value ^ (value >> 27)) * 0x94D0_49BB_1331_11EB;
        return value ^ (value >> 31);
    }
}
