using System.Device.I2c;
using System.Runtime.InteropServices;

namespace Node.Sensors.Tests.Support;

/// <summary>A good device whose first transfers are lost with the errno that a Pi shows.</summary>
internal sealed class FlakyDevice(I2cDevice device, int failures, int errno = 121) : I2cDevice
{
    private int _left = failures;

    public override I2cConnectionSettings ConnectionSettings => device.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        FailFirst();
        device.Read(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        FailFirst();
        device.Write(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        FailFirst();
        device.WriteRead(writeBuffer, readBuffer);
    }

    private void FailFirst()
    {
        if (_left-- > 0)
        {
            Marshal.SetLastPInvokeError(errno);
            throw new IOException($"Error {errno} (x) performing I2C data transfer.");
        }
    }
}
