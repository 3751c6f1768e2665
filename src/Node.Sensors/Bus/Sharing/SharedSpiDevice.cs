using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>One chip on a shared SPI bus. Owns the device inside.</summary>
internal sealed class SharedSpiDevice(SpiDevice inner, Lock wire, BusLoadMeter load) : SpiDevice
{
    public override SpiConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        lock (wire)
        {
            Count(buffer.Length);
            inner.Read(buffer);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (wire)
        {
            Count(buffer.Length);
            inner.Write(buffer);
        }
    }

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        lock (wire)
        {
            Count(writeBuffer.Length);
            inner.TransferFullDuplex(writeBuffer, readBuffer);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }

    private void Count(int bytes)
    {
        SpiConnectionSettings settings = inner.ConnectionSettings;
        load.Count(
            string.Create(CultureInfo.InvariantCulture, $"spi-{settings.BusId}"), string.Create(CultureInfo.InvariantCulture, $"select {settings.ChipSelectLine}"),
            8L * bytes, Math.Max(1, settings.ClockFrequency), ended: true);
    }
}
