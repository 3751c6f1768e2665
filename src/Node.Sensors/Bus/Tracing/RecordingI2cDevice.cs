using System.Device;
using System.Device.I2c;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>Passes transfers on and writes each into a trace. Owns the device inside.</summary>
internal sealed class RecordingI2cDevice(I2cDevice inner, BusTraceWriter trace) : I2cDevice
{
    private readonly TransferRecorder _recorder = new(
        trace, string.Create(CultureInfo.InvariantCulture, $"i2c-{inner.ConnectionSettings.BusId}"), inner.ConnectionSettings.DeviceAddress);

    public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer) =>
        _recorder.Record(inner, BusOperation.Read, [], buffer, static (device, _, read) => device.Read(read));

    public override void Write(ReadOnlySpan<byte> buffer) =>
        _recorder.Record(inner, BusOperation.Write, buffer, [], static (device, written, _) => device.Write(written));

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer) =>
        _recorder.Record(inner, BusOperation.WriteRead, writeBuffer, readBuffer, static (device, written, read) => device.WriteRead(written, read));

    public override ComponentInformation QueryComponentInformation() => inner.QueryComponentInformation();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }
}
