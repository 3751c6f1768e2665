using System.Device.I2c;
using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>How a program reaches the registers of one chip: the same questions in the dialect of each.</summary>
internal sealed class RegisterWire : IDisposable
{
    private readonly string _chip;
    private readonly I2cDevice? _i2c;
    private readonly SpiDevice? _spi;

    public RegisterWire(string chip, IBusProvider buses)
    {
        _chip = chip;
        EmulatedChipCatalog.Entry entry = EmulatedChipCatalog.Find(chip);
        if (entry.IsOnSpi) { _spi = buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = SpiMode.Mode3 }); }
        else { _i2c = buses.OpenI2c(1, entry.Addresses[0]); }
    }

    public bool HasWords => _chip is "ADS1115" or "TMP102";

    public int Read(byte address)
    {
        byte[] bytes = ReadMany(address, HasWords ? 2 : 1);
        return HasWords ? (bytes[0] << 8) | bytes[1] : bytes[0];
    }

    /// <summary>One transfer that goes on reading.</summary>
    public byte[] ReadMany(byte address, int length)
    {
        byte[] read = new byte[length];
        if (_spi is not null) { return SpiBench.Exchange(_spi, [(byte)(0xC0 | address), .. read])[1..]; }

        if (_chip == "TCA9548A") { _i2c!.Read(read); } else { _i2c!.WriteRead([address], read); }

        return read;
    }

    public void Write(byte address, int value)
    {
        byte[] bytes = HasWords ? [address, (byte)(value >> 8), (byte)value] : _chip == "TCA9548A" ? [(byte)value] : [address, (byte)value];
        if (_spi is not null) { _spi.Write(bytes); } else { _i2c!.Write(bytes); }
    }

    public void Dispose()
    {
        _i2c?.Dispose();
        _spi?.Dispose();
    }
}
