using System.Device.I2c;

namespace Node.Sensors.Tests;

/// <summary>The wire to a chip with somebody's hands on it: keeps what is written, and may change what is read or fail a transfer.</summary>
internal sealed class TamperedDevice(I2cDevice chip) : I2cDevice
{
    /// <summary>Every write so far, in order.</summary>
    public List<byte[]> Written { get; } = [];

    /// <summary>Gets the bytes that a read brought, and may change them.</summary>
    public Action<byte[]> OnRead { get; set; } = static _ => { };

    /// <summary>Called before each write with its bytes; may throw.</summary>
    public Action<byte[]> OnWrite { get; set; } = static _ => { };

    /// <summary>Reads so far, answered or not.</summary>
    public int Reads { get; private set; }

    public override I2cConnectionSettings ConnectionSettings => chip.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        Reads++;
        byte[] bytes = new byte[buffer.Length];
        chip.Read(bytes);
        OnRead(bytes);
        bytes.CopyTo(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Written.Add(buffer.ToArray());
        OnWrite(buffer.ToArray());
        chip.Write(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) => throw new NotSupportedException("Command chips need STOP between command and answer.");

    protected override void Dispose(bool disposing)
    {
        if (disposing) { chip.Dispose(); }

        base.Dispose(disposing);
    }
}
