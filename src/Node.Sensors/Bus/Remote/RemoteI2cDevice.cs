using System.Device.I2c;

namespace Node.Sensors.Bus.Remote;

/// <summary>One address of an I2C bus whose chips are in another process.</summary>
internal sealed class RemoteI2cDevice(RemoteLink link, int busId, int address) : I2cDevice
{
    private const byte WriteMessage = 0;
    private const byte ReadMessage = 1;
    private bool _disposed;

    private enum Shape
    {
        Write,
        Read,
        WriteRead,
    }

    public override I2cConnectionSettings ConnectionSettings { get; } = new(busId, address);

    public override void Read(Span<byte> buffer) => Transfer(Shape.Read, [], buffer);

    /// <summary>An empty buffer is the address probe: START, address, STOP.</summary>
    public override void Write(ReadOnlySpan<byte> buffer) => Transfer(Shape.Write, buffer, []);

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => Transfer(Shape.WriteRead, writeBuffer, readBuffer);

    /// <summary>The link belongs to the provider.</summary>
    protected override void Dispose(bool disposing)
    {
        _disposed = true;
        base.Dispose(disposing);
    }

    private void Transfer(Shape shape, ReadOnlySpan<byte> write, Span<byte> read)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (shape != Shape.Write && read.IsEmpty) { throw new ArgumentException("A read needs room for at least one byte."); }

        if (write.Length > ushort.MaxValue || read.Length > ushort.MaxValue) { throw new ArgumentException("One I2C message holds at most 65,535 bytes."); }

        byte[] sent = write.ToArray();
        byte[] received = new byte[read.Length];
        try
        {
            (int errno, string text) = link.Request(RemoteFrameKind.I2cTransfer, frame => Describe(frame, shape, sent, received.Length), (ref answer) => answer.CopyTo(received));
            if (errno != 0) { throw RemoteBusError.Transfer(errno, "performing I2C data transfer", text); }
        }
        catch (RemoteLinkException failure)
        {
            throw RemoteBusError.Link(failure);
        }

        received.CopyTo(read);
    }

    private void Describe(RemoteFrame frame, Shape shape, byte[] write, int readLength)
    {
        frame.Word(busId).Byte(shape == Shape.WriteRead ? (byte)2 : (byte)1);
        if (shape != Shape.Read) { frame.Word(address).Byte(WriteMessage).Word(write.Length).Data(write); }

        if (shape != Shape.Write) { frame.Word(address).Byte(ReadMessage).Word(readLength); }
    }
}
