namespace Node.Sensors.Drivers;

/// <summary>
/// The newest sample of an ADXL345 without FIFO. One exchange over control registers, INT_SOURCE and data shows whether the settings are
/// still there, whether the sample is new, and the sample itself, all of one instant.
/// </summary>
internal sealed class Adxl345Newest(Adxl345Registers registers, Adxl345Settings settings)
{
    private Adxl345Events _events;

    /// <exception cref="Bus.SensorException">The bus failed.</exception>
    public Adxl345Look TryTake(out Adxl345Reading reading)
    {
        Span<byte> raw = stackalloc byte[Adxl345Register.ControlToDataLength];
        registers.Read(Adxl345Register.Control, raw);
        reading = settings.Convert(Adxl345Frame.Decode(raw[Adxl345Register.ControlLength..]));
        if (!settings.AreInForce(raw)) { return Adxl345Look.LostSettings; }

        byte source = raw[Adxl345Register.InterruptSource - Adxl345Register.Control];
        _events |= (Adxl345Events)source & settings.Events;
        return (source & Adxl345Register.DataReady) != 0 ? Adxl345Look.Sample : Adxl345Look.Nothing;
    }

    /// <summary>What the chip detected up to the latest look, and since this was last asked.</summary>
    public Adxl345Events TakeEvents()
    {
        Adxl345Events events = _events;
        _events = Adxl345Events.None;
        return events;
    }
}
