namespace Node.Sensors.Emulation;

/// <summary>
/// INT_SOURCE and the two interrupt outputs of an emulated ADXL345. Data ready, watermark and overrun follow the FIFO whether they are enabled
/// or not; the functions that detect motion stay set until INT_SOURCE is read. Source: ADXL345 datasheet, rev. E, section interrupts.
/// </summary>
/// <param name="registers">INT_ENABLE, INT_MAP and DATA_FORMAT are looked at.</param>
/// <param name="fifo">Gives the functions that follow it.</param>
/// <param name="sampler">Tells when the next sample comes.</param>
/// <param name="int1">The wire of INT1, or <see langword="null"/>.</param>
/// <param name="int2">The wire of INT2, or <see langword="null"/>.</param>
internal sealed class Adxl345Interrupts(
    RegisterMap registers, Adxl345Fifo fifo, Adxl345Sampler sampler, EmulatedInterruptLine? int1, EmulatedInterruptLine? int2)
{
    private const int Inverted = 0x20;

    private byte _latched;

    /// <summary>INT_SOURCE.</summary>
    private byte Source => (byte)(_latched
        | (fifo.IsDataReady ? Adxl345Source.DataReady : 0) | (fifo.IsWatermarkReached ? Adxl345Source.Watermark : 0) | (fifo.IsOverrun ? Adxl345Source.Overrun : 0));

    /// <summary>Reading INT_SOURCE clears what is latched.</summary>
    public byte TakeSource()
    {
        byte source = Source;
        _latched = 0;
        return source;
    }

    public void Latch(byte events) => _latched |= events;

    /// <summary>Of what is latched, only what is still enabled stays.</summary>
    public void Keep(byte enabled) => _latched &= enabled;

    public void Forget() => _latched = 0;

    /// <summary>Brings both outputs up to date, and sees to it that the chip is woken when the next change is due.</summary>
    public void Show()
    {
        int active = Source & registers[Adxl345Core.InterruptEnable];
        int map = registers[Adxl345Core.InterruptMap];
        bool inverted = (registers[Adxl345Core.DataFormat] & Inverted) != 0;
        int1?.Set((active & ~map) != 0 != inverted);
        int2?.Set((active & map) != 0 != inverted);
        (int1 ?? int2)?.WakeAt(NextChange());
    }

    /// <summary>Without supply the outputs float.</summary>
    public void LetGo()
    {
        int1?.Set(null);
        int1?.WakeAt(null);
        int2?.Set(null);
        int2?.WakeAt(null);
    }

    public void Tell()
    {
        int1?.Tell();
        int2?.Tell();
    }

    /// <summary>The soonest that an enabled function can become active while nobody looks, or <see langword="null"/> if none can.</summary>
    private TimeSpan? NextChange()
    {
        int waiting = registers[Adxl345Core.InterruptEnable] & ~Source;
        if (sampler.Next is not { } next || waiting == 0) { return null; }

        int samples = int.MaxValue;
        if ((waiting & (Adxl345Source.Latched | Adxl345Source.DataReady)) != 0) { samples = 1; }

        if ((waiting & Adxl345Source.Watermark) != 0 && !fifo.IsBypassed) { samples = Math.Min(samples, fifo.Samples - fifo.Entries); }

        if ((waiting & Adxl345Source.Overrun) != 0) { samples = Math.Min(samples, fifo.IsBypassed ? 1 : Adxl345Fifo.Levels - fifo.Entries); }

        return samples == int.MaxValue ? null : next + (sampler.Period * (samples - 1));
    }
}
