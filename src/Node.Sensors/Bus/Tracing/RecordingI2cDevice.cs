using System.Device;
using System.Device.I2c;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>Passes transfers on and writes each into a trace. Owns the device inside.</summary>
internal sealed class RecordingI2cDevice(I2cDevice inner, BusTraceWriter trace) : I2cDevice
{
    private readonly string _bus = string.Create(CultureInfo.InvariantCulture, $"i2c-{inner.ConnectionSettings.BusId}");

    public override I2cConnectionSettings ConnectionSettings => inner.ConnectionSettings;

    public override void Read(Span<byte> buffer)
    {
        TimeSpan at = trace.Elapsed;
        Errno.Clear();
        try
        {
            inner.Read(buffer);
        }
        catch (IOException failure)
        {
            Add(at, BusOperation.Read, [], new byte[buffer.Length], Errno.Of(failure));
            throw;
        }

        Add(at, BusOperation.Read, [], buffer, 0);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        TimeSpan at = trace.Elapsed;
        Errno.Clear();
        try
        {
            inner.Write(buffer);
        }
        catch (IOException failure)
        {
            Add(at, BusOperation.Write, buffer, [], Errno.Of(failure));
            throw;
        }

        Add(at, BusOperation.Write, buffer, [], 0);
    }

    public override void WriteRead(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        TimeSpan at = trace.Elapsed;
        Errno.Clear();
        try
        {
            inner.WriteRead(writeBuffer, readBuffer);
        }
        catch (IOException failure)
        {
            Add(at, BusOperation.WriteRead, writeBuffer, new byte[readBuffer.Length], Errno.Of(failure));
            throw;
        }

        Add(at, BusOperation.WriteRead, writeBuffer, readBuffer, 0);
    }

    public override ComponentInformation QueryComponentInformation() => inner.QueryComponentInformation();

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }

    private void Add(TimeSpan at, BusOperation operation, ReadOnlySpan<byte> written, ReadOnlySpan<byte> read, int errno) => trace.Add(new BusTraceEntry
    {
        At = at,
        Bus = _bus,
        Address = inner.ConnectionSettings.DeviceAddress,
        Operation = operation,
        Out = written.ToArray(),
        In = read.ToArray(),
        Errno = errno,
    });
}
