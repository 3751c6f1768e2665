using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>Passes exchanges on and writes each into a trace. Owns the device inside.</summary>
internal sealed class RecordingSpiDevice(SpiDevice inner, BusTraceWriter trace) : SpiDevice
{
    private readonly TransferRecorder _recorder = new(
        trace, string.Create(CultureInfo.InvariantCulture, $"spi-{inner.ConnectionSettings.BusId}.{inner.ConnectionSettings.ChipSelectLine}"));

    public override SpiConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer) =>
        _recorder.Record(inner, BusOperation.Read, [], buffer, static (device, _, read) => device.Read(read));

    public override void Write(ReadOnlySpan<byte> buffer) =>
        _recorder.Record(inner, BusOperation.Write, buffer, [], static (device, written, _) => device.Write(written));

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        _recorder.Record(inner, BusOperation.Transfer, writeBuffer, readBuffer, static (device, written, read) => device.TransferFullDuplex(written, read));

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }
}
