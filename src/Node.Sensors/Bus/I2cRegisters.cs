using System.Device.I2c;

namespace Node.Sensors.Bus;

/// <summary>
/// Register access to one chip on an I2C bus. A transfer that fails in a way that a bus recovers from is repeated at once, a bounded number
/// of times; every other failure leaves as a <see cref="SensorException"/>. Owns the device.
/// </summary>
internal sealed class I2cRegisters : IDisposable
{
    private readonly I2cDevice _device;
    private readonly int _attempts;

    public I2cRegisters(I2cDevice device, int attempts)
    {
        _device = device;
        _attempts = attempts;
        I2cConnectionSettings settings = device.ConnectionSettings;
        Place = I2cAddress.Place(settings.BusId, settings.DeviceAddress);
    }

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place { get; }

    /// <summary>Reads consecutive registers in one transaction with a repeated START, so that the chip gives one consistent state.</summary>
    public void Read(byte firstRegister, Span<byte> into)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.WriteRead([firstRegister], into);
                return;
            }
            catch (IOException failure)
            {
                ThrowUnlessWorthRepeating(failure, attempt);
            }
        }
    }

    public byte Read(byte register)
    {
        Span<byte> one = stackalloc byte[1];
        Read(register, one);
        return one[0];
    }

    /// <summary>Writes the bytes as one transaction. What the bytes mean (register and value pairs, or a register and consecutive values) is the chip's rule.</summary>
    public void Write(params ReadOnlySpan<byte> bytes)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.Write(bytes);
                return;
            }
            catch (IOException failure)
            {
                ThrowUnlessWorthRepeating(failure, attempt);
            }
        }
    }

    public void Dispose() => _device.Dispose();

    private void ThrowUnlessWorthRepeating(IOException failure, int attempt)
    {
        SensorException fault = Errno.DuringTransfer(failure, Place);
        if (attempt >= _attempts || !fault.IsTransient) { throw fault; }
    }
}
