using System.Device.Spi;

namespace Node.Sensors.Tests;

/// <summary>A device of an SPI bench in front of one exchange of which time passes, as when the program is kept from running.</summary>
internal sealed class InterruptedBus(SpiBench bench, int exchange, TimeSpan pause) : SpiDevice
{
    private readonly SpiDevice _inner = bench.Open(SpiMode.Mode3, 2_000_000);
    private int _exchanges;

    public override SpiConnectionSettings ConnectionSettings => _inner.ConnectionSettings;

    public override void Read(Span<byte> buffer) => _inner.Read(buffer);

    public override void Write(ReadOnlySpan<byte> buffer) => _inner.Write(buffer);

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        if (++_exchanges == exchange) { bench.Clock.Advance(pause); }

        _inner.TransferFullDuplex(writeBuffer, readBuffer);
    }
}
