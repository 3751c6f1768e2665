using System.Device.I2c;

namespace Node.Sensors.Bus;

/// <summary>One address of a replayed bus.</summary>
internal sealed class ReplayedI2cDevice(ReplayedBus bus, int busId, int address) : I2cDevice
{
    public override I2cConnectionSettings ConnectionSettings { get; } = new(busId, address);

    public override void Read(Span<byte> buffer) => bus.Transfer(Ask(BusOperation.Read, [], buffer.Length), buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => bus.Transfer(Ask(BusOperation.Write, buffer, 0), []);

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        bus.Transfer(Ask(BusOperation.WriteRead, writeBuffer, readBuffer.Length), readBuffer);

    private BusTraceEntry Ask(BusOperation operation, ReadOnlySpan<byte> written, int read) =>
        new() { At = default, Bus = bus.Name, Address = address, Operation = operation, Out = written.ToArray(), In = new byte[read] };
}
