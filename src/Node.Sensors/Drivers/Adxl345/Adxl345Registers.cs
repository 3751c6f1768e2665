using System.Device.Spi;
using System.Globalization;
using Node.Sensors.Bus;

namespace Node.Sensors.Drivers;

/// <summary>What both ways of reading an ADXL345 do with its registers: know the chip, set it up, take a sample. Owns the device.</summary>
internal sealed class Adxl345Registers(SpiDevice device, Adxl345Settings settings, int attempts) : IDisposable
{
    private readonly SpiRegisters _registers = new(device, attempts, Adxl345Register.ReadBit, Adxl345Register.BurstBit);

    /// <summary>Bus and chip select, to begin an error text with.</summary>
    public string Place => _registers.Place;

    public static SpiConnectionSettings Connect(SensorConnection connection, Adxl345Options options) =>
        new(connection.SpiBusId, connection.ChipSelect) { Mode = SpiMode.Mode3, ClockFrequency = options.ClockHertz };

    /// <summary>
    /// Checks the identity, applies the settings in standby and begins to measure. The FIFO is emptied and old events are forgotten. The first
    /// sample comes one period and 1.1 ms later.
    /// </summary>
    /// <exception cref="SensorException">The chip is another one, or the bus failed.</exception>
    public void Configure()
    {
        RequireId();
        _registers.Write(Adxl345Register.PowerControl, 0);
        _registers.Write(Adxl345Register.InterruptEnable, 0);
        _registers.Write(Adxl345Register.FifoControl, 0);
        _registers.Write(Adxl345Register.Motion, settings.Motion);
        _registers.Write(Adxl345Register.Rate, settings.Rate);
        _registers.Write(Adxl345Register.InterruptMap, settings.InterruptMap);
        _registers.Write(Adxl345Register.DataFormat, settings.DataFormat);
        _registers.Write(Adxl345Register.FifoControl, settings.FifoControl);
        _registers.Write(Adxl345Register.InterruptEnable, settings.InterruptEnable);
        _registers.Read(Adxl345Register.InterruptSource);
        _registers.Write(Adxl345Register.PowerControl, Adxl345Register.Measure);
    }

    public void Read(byte firstRegister, Span<byte> into) => _registers.Read(firstRegister, into);

    /// <summary>
    /// INT_SOURCE, DATA_FORMAT and the six data registers in one exchange, so that no two samples mix and nothing can be pushed out of the FIFO
    /// unseen between the flag and the sample. It takes one level of the FIFO, so it is never repeated.
    /// </summary>
    public Adxl345Reading ReadSample(out byte interruptSource)
    {
        Span<byte> raw = stackalloc byte[Adxl345Register.SourceToDataLength];
        _registers.Read(Adxl345Register.InterruptSource, raw, once: true);
        interruptSource = raw[0];
        return settings.Convert(Adxl345Frame.Decode(raw[^Adxl345Frame.Length..]));
    }

    public void Standby() => _registers.Write(Adxl345Register.PowerControl, 0);

    public void Dispose() => _registers.Dispose();

    private void RequireId()
    {
        byte id = _registers.Read(Adxl345Register.DeviceId);
        if (id == Adxl345Register.Adxl345Id) { return; }

        string hex = string.Create(CultureInfo.InvariantCulture, $"0x{id:X2}");
        if (id is 0x00 or 0xFF)
        {
            throw new SensorException(SensorFault.NoAcknowledge,
                $"{Place}: nothing answers (id {hex} where an ADXL345 has 0xE5): check power, wiring and chip select.");
        }

        string text = (id & 0x7F) == Adxl345Register.Adxl345Id >> 1
            ? $"answers with id {hex}, which is 0xE5 one bit late: open the device in SPI mode 3, at 5 MHz at most"
            : $"answers with id {hex} where an ADXL345 has 0xE5: another chip has this chip select; configure that chip, or check the wiring";
        throw new SensorException(SensorFault.WrongId, $"{Place}: {text}.");
    }
}
