using System.Device.Spi;

namespace Node.Sensors.Bus;

/// <summary>One chip select of a replayed bus.</summary>
internal sealed class ReplayedSpiDevice(ReplayedBus bus, SpiConnectionSettings settings) : SpiDevice
{
    public override SpiConnectionSettings ConnectionSettings => settings;

    public override void Read(Span<byte> buffer) => bus.Transfer(Ask(BusOperation.Read, [], buffer.Length), buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => bus.Transfer(Ask(BusOperation.Write, buffer, 0), []);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        bus.Transfer(Ask(BusOperation.Transfer, writeBuffer, readBuffer.Length), readBuffer);

    private BusTraceEntry Ask(BusOperation operation, ReadOnlySpan<byte> written, int read) =>
        new() { At = default, Bus = bus.Name, Operation = operation, Out = written.ToArray(), In = new byte[read] };
}
