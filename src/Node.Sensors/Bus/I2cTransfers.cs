using System.Device.I2c;

namespace Node.Sensors.Bus;

/// <summary>
/// Plain writes and reads to one chip that has commands instead of registers. A transfer that fails in a way that a bus recovers from is
/// repeated at once, a bounded number of times; every other failure leaves as a <see cref="SensorException"/>. Owns the device.
/// </summary>
internal sealed class I2cTransfers : IDisposable
{
    private readonly I2cDevice _device;
    private readonly int _attempts;

    public I2cTransfers(I2cDevice device, int attempts)
    {
        _device = device;
        _attempts = attempts;
        I2cConnectionSettings settings = device.ConnectionSettings;
        Place = I2cAddress.Place(settings.BusId, settings.DeviceAddress);
    }

    /// <summary>Bus and address, to begin an error text with.</summary>
    public string Place { get; }

    /// <summary>START, address, the bytes, STOP.</summary>
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
                ThrowUnlessWorthRepeating(Errno.DuringTransfer(failure, Place), attempt);
            }
        }
    }

    /// <summary>A write to a chip that need not acknowledge, because it may be busy or asleep.</summary>
    /// <returns><see langword="false"/> when nothing acknowledged; asked once.</returns>
    public bool TryWrite(params ReadOnlySpan<byte> bytes)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.Write(bytes);
                return true;
            }
            catch (IOException failure)
            {
                SensorException fault = Errno.DuringTransfer(failure, Place);
                if (fault.Fault == SensorFault.NoAcknowledge) { return false; }

                ThrowUnlessWorthRepeating(fault, attempt);
            }
        }
    }

    /// <summary>A read of its own, without a write before it.</summary>
    public void Read(Span<byte> into)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.Read(into);
                return;
            }
            catch (IOException failure)
            {
                ThrowUnlessWorthRepeating(Errno.DuringTransfer(failure, Place), attempt);
            }
        }
    }

    /// <summary>A read from a chip that refuses its address as long as it has nothing to tell.</summary>
    /// <returns><see langword="false"/> when the chip did not acknowledge; asked once.</returns>
    public bool TryRead(Span<byte> into)
    {
        for (int attempt = 1; ; attempt++)
        {
            Errno.Clear();
            try
            {
                _device.Read(into);
                return true;
            }
            catch (IOException failure)
            {
                SensorException fault = Errno.DuringTransfer(failure, Place);
                if (fault.Fault == SensorFault.NoAcknowledge) { return false; }

                ThrowUnlessWorthRepeating(fault, attempt);
            }
        }
    }

    public void Dispose() => _device.Dispose();

    private void ThrowUnlessWorthRepeating(SensorException fault, int attempt)
    {
        if (attempt >= _attempts || !fault.IsTransient) { throw fault; }
    }
}
