using System.Device.I2c;

namespace Node.Sensors.Tests;

/// <summary>256 bytes behind an I2C device, and failures on demand: what no healthy chip does.</summary>
internal sealed class ScriptedRegisters : I2cDevice
{
    private byte _pointer;

    public byte[] Registers { get; } = new byte[256];

    /// <summary>Thrown one after the other by the next transfers.</summary>
    public Queue<Func<Exception>> Failures { get; } = new();

    public int Transfers { get; private set; }

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x76);

    public override void Read(Span<byte> buffer)
    {
        Begin();
        Registers.AsSpan(_pointer, buffer.Length).CopyTo(buffer);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        Begin();
        for (int i = 0; i + 1 < buffer.Length; i += 2) { Registers[buffer[i]] = buffer[i + 1]; }
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        _pointer = writeBuffer[0];
        Read(readBuffer);
    }

    private void Begin()
    {
        Transfers++;
        if (Failures.TryDequeue(out Func<Exception>? failure)) { throw failure(); }
    }
}
