namespace Node.Host.Spool;

/// <summary>
/// Readings of one commit, of one boot and one priority, with neighbouring sequences: a row of the table. What it holds never changes; which of them are gone does.
/// </summary>
/// <param name="First">The sequence of the first.</param>
/// <param name="Last">The sequence of the last.</param>
/// <param name="Boot">The row of the boot.</param>
/// <param name="Priority">0 normal, 1 alarm.</param>
/// <param name="Gone">A bit for each, the lowest first; 1 is no longer there.</param>
/// <param name="Readings">All of them, those that are gone included.</param>
internal sealed record Packet(long First, long Last, long Boot, int Priority, byte[] Gone, PacketReading[] Readings)
{
    /// <summary>The reading of a sequence within the packet.</summary>
    public PacketReading this[long sequence] => Readings[sequence - First];

    /// <summary>Whether the reading of a sequence within the packet was removed.</summary>
    public bool IsGone(long sequence) => IsSet(Gone, sequence - First);

    /// <summary>Whether the bit is set.</summary>
    public static bool IsSet(ReadOnlySpan<byte> bits, long index) => (bits[(int)(index >> 3)] >> (int)(index & 7) & 1) != 0;

    /// <summary>Sets the bit.</summary>
    public static void Set(Span<byte> bits, long index) => bits[(int)(index >> 3)] |= (byte)(1 << (int)(index & 7));

    /// <summary>How many bits are set.</summary>
    public static int Count(ReadOnlySpan<byte> bits)
    {
        int count = 0;
        foreach (byte eight in bits)
        {
            count += System.Numerics.BitOperations.PopCount(eight);
        }

        return count;
    }

    /// <summary>The bytes that hold a bit for each of <paramref name="count"/> readings.</summary>
    public static int GoneBytes(long count) => (int)((count + 7) / 8);
}
