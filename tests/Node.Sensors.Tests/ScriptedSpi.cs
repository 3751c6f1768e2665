using System.Device.Spi;

namespace Node.Sensors.Tests;

/// <summary>An SPI device that answers what a test says, and failures on demand: what no healthy chip does.</summary>
internal sealed class ScriptedSpi(Func<byte[], byte[]> answer) : SpiDevice
{
    /// <summary>Thrown one after the other by the next exchanges.</summary>
    public Queue<Func<Exception>> Failures { get; } = new();

    /// <summary>What was sent, one entry an exchange.</summary>
    public List<byte[]> Sent { get; } = [];

    public override SpiConnectionSettings ConnectionSettings { get; } = new(0, 1);

    public override void Read(Span<byte> buffer) => TransferFullDuplex(new byte[buffer.Length], buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => TransferFullDuplex(buffer, new byte[buffer.Length]);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        Sent.Add(writeBuffer.ToArray());
        if (Failures.TryDequeue(out Func<Exception>? failure)) { throw failure(); }

        answer(Sent[^1]).CopyTo(readBuffer);
    }
}
