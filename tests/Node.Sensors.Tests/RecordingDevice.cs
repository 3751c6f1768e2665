using System.Device.I2c;

namespace Node.Sensors.Tests;

/// <summary>Passes transfers on and remembers them.</summary>
internal sealed class RecordingDevice(I2cDevice wire) : I2cDevice
{
    public List<byte[]> Writes { get; } = [];

    /// <summary>The register selected by each read.</summary>
    public List<byte> Reads { get; } = [];

    public override I2cConnectionSettings ConnectionSettings => wire.ConnectionSettings;

    public override void Read(Span<byte> buffer) => wire.Read(buffer);

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Writes.Add(buffer.ToArray());
        wire.Write(buffer);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Reads.Add(writeBuffer[0]);
        wire.WriteRead(writeBuffer, readBuffer);
    }
}
