using System.Device;
using System.Device.I2c;

namespace Node.Sensors.Bus;

/// <summary>One chip on a shared bus. Owns the device inside.</summary>
internal sealed class SharedI2cDevice(SharedI2cBus bus, I2cDevice inner, I2cMuxChannel? mux) : I2cDevice
{
    public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer) =>
        bus.Transfer(inner, mux, written: -1, buffer.Length, new Buffers([], buffer), static (device, one) => device.Read(one.In));

    public override void Write(ReadOnlySpan<byte> buffer) =>
        bus.Transfer(inner, mux, buffer.Length, read: -1, new Buffers(buffer, []), static (device, one) => device.Write(one.Out));

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        bus.Transfer(inner, mux, writeBuffer.Length, readBuffer.Length, new Buffers(writeBuffer, readBuffer), static (device, one) => device.WriteRead(one.Out, one.In));

    public override ComponentInformation QueryComponentInformation() => inner.QueryComponentInformation();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }

    private readonly ref struct Buffers(ReadOnlySpan<byte> written, Span<byte> read)
    {
        public ReadOnlySpan<byte> Out { get; } = written;

        public Span<byte> In { get; } = read;
    }
}
