using System.Device.I2c;

namespace Node.Sensors.Tests.Support;

/// <summary>A device that is nothing but bytes: for chips that do not exist, and answers that no chip should give.</summary>
internal sealed class RegisterFile(byte id, byte[]? low = null, byte[]? high = null) : I2cDevice
{
    private readonly byte[] _registers = new byte[256];

    public byte Status { get; init; }

    public override I2cConnectionSettings ConnectionSettings { get; } = new(1, 0x76);

    public override void Read(Span<byte> buffer) => throw new NotSupportedException();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (int pair = 0; pair + 1 < buffer.Length; pair += 2)
        {
            _registers[buffer[pair]] = buffer[pair + 1];
        }
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        _registers[0xD0] = id;
        _registers[0xF3] = Status;
        low?.CopyTo(_registers, 0x88);
        high?.CopyTo(_registers, 0xE1);
        _registers.AsSpan(writeBuffer[0], readBuffer.Length).CopyTo(readBuffer);
    }
}
