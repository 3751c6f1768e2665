namespace Node.Sensors.Emulation;

/// <summary>The 1024 bytes of an MPU-6050 between samples and host. Full, it loses the oldest bytes, and with them the beginning of a sample. Source: RM-MPU-6000A revision 4.2, sections 4.30 and 4.31.</summary>
internal sealed class Mpu6050Fifo
{
    public const int Capacity = 1024;

    private readonly Queue<byte> _bytes = new(Capacity);
    private byte _last;
    private int _latchedCount;

    public int Count => _bytes.Count;

    /// <summary>FIFO_COUNT_L: of the count that its high byte was last read of.</summary>
    public byte LatchedCountLow => (byte)_latchedCount;

    /// <summary>FIFO_COUNT_H: reading it takes the count.</summary>
    public byte LatchCount()
    {
        _latchedCount = _bytes.Count;
        return (byte)(_latchedCount >> 8);
    }

    /// <summary>What FIFO_EN selects of a sample, in the order of the registers: accelerometer (bit 3), temperature (bit 7), gyroscope X, Y, Z (bits 6 to 4).</summary>
    /// <returns><see langword="false"/> when older bytes were lost for it.</returns>
    public bool PushSample(ReadOnlySpan<byte> data, int enabled)
    {
        bool kept = true;
        if ((enabled & 0x08) != 0) { kept &= Push(data[..6]); }

        for (int word = 3; word < 7; word++)
        {
            if ((enabled & (0x80 >> (word - 3))) != 0) { kept &= Push(data.Slice(2 * word, 2)); }
        }

        return kept;
    }

    /// <returns><see langword="false"/> when older bytes were lost for it.</returns>
    public bool Push(ReadOnlySpan<byte> bytes)
    {
        bool kept = true;
        foreach (byte one in bytes)
        {
            if (_bytes.Count == Capacity)
            {
                _bytes.Dequeue();
                kept = false;
            }

            _bytes.Enqueue(one);
        }

        return kept;
    }

    /// <summary>The oldest byte, or the one read last when it is empty.</summary>
    public byte Pop() => _last = _bytes.TryDequeue(out byte oldest) ? oldest : _last;

    public void Clear() => _bytes.Clear();

    /// <summary>Power-on: empty, and nothing was read before.</summary>
    public void Reset()
    {
        Clear();
        _last = 0;
        _latchedCount = 0;
    }
}
