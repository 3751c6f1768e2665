using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>Empties the FIFO of an ADXL345 and knows whether samples may have been lost since the last time.</summary>
internal sealed class Adxl345Drain(Adxl345Registers registers, Adxl345Settings settings)
{
    private Adxl345Events _events;
    private bool _mayHaveGap;

    /// <summary>How many samples were given so far.</summary>
    public long Count { get; private set; }

    /// <summary>Whatever comes next may follow a gap.</summary>
    public void ExpectGap() => _mayHaveGap = true;

    /// <summary>Takes what the chip holds.</summary>
    /// <param name="lostSettings">Whether it took nothing because the chip has lost its settings, and with them its samples.</param>
    /// <returns><see langword="null"/> when it held nothing.</returns>
    /// <exception cref="SensorException">The bus failed.</exception>
    public Adxl345Batch? TryTake(out bool lostSettings)
    {
        bool gap = _mayHaveGap;
        _mayHaveGap = true; // until this has ended well: what is taken before a failure is lost
        lostSettings = !IsInForce(out bool wasFull, out int entries);
        if (lostSettings) { return null; }

        gap |= wasFull;
        if (entries > 0) { return Take(entries, gap); }

        _mayHaveGap = gap;
        return null;
    }

    private Adxl345Batch Take(int entries, bool gap)
    {
        Adxl345Reading[] readings = new Adxl345Reading[entries];
        for (int i = 0; i < entries; i++)
        {
            readings[i] = registers.ReadSample(out byte source);
            gap |= Note(source);
        }

        Adxl345Batch batch = new(Count, readings, gap, _events);
        (_mayHaveGap, _events) = (false, Adxl345Events.None);
        Count += entries;
        return batch;
    }

    private bool IsInForce(out bool wasFull, out int entries)
    {
        Span<byte> control = stackalloc byte[Adxl345Register.ControlLength];
        Span<byte> fifo = stackalloc byte[Adxl345Register.FifoLength];
        registers.Read(Adxl345Register.Control, control);
        registers.Read(Adxl345Register.FifoControl, fifo);
        wasFull = Note(control[Adxl345Register.InterruptSource - Adxl345Register.Control]);
        entries = fifo[1] & Adxl345Register.EntriesMask;
        return settings.AreInForce(control) && fifo[0] == settings.FifoControl;
    }

    /// <summary>Keeps the events, which INT_SOURCE forgets when it is read.</summary>
    /// <returns>Whether the FIFO was filled since a sample was last taken, so that others may have been pushed out.</returns>
    private bool Note(byte interruptSource)
    {
        _events |= (Adxl345Events)interruptSource & settings.Events;
        return (interruptSource & Adxl345Register.Overrun) != 0;
    }
}
