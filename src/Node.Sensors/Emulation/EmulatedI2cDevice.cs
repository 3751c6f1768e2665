using System.Device.I2c;

namespace Node.Sensors.Emulation;

/// <summary>The device class of System.Device.Gpio over an emulated bus, with the limits and argument checks of the one over Linux.</summary>
internal sealed class EmulatedI2cDevice(EmulatedI2cBus bus, int address) : I2cDevice
{
    private bool _disposed;

    public override I2cConnectionSettings ConnectionSettings { get; } = new(bus.BusId, address);

    public override void Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireReadable(buffer);
        bus.Read(address, buffer);
    }

    /// <summary>An empty buffer is the address probe: START, address, STOP.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireShort(buffer.Length, nameof(buffer));
        bus.Write(address, buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        RequireReadable(readBuffer);
        RequireShort(writeBuffer.Length, nameof(writeBuffer));
        bus.WriteRead(address, writeBuffer, readBuffer);
    }

    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    private static void RequireReadable(Span<byte> buffer)
    {
        if (buffer.IsEmpty) { throw new ArgumentException("A read needs room for at least one byte.", nameof(buffer)); }

        RequireShort(buffer.Length, nameof(buffer));
    }

    private static void RequireShort(int length, string name)
    {
        if (length > ushort.MaxValue) { throw new ArgumentException("One I2C message holds at most 65,535 bytes.", name); }
    }
}
