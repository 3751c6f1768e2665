using System.Device.Spi;
using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>Passes exchanges on and writes each into a trace. Owns the device inside.</summary>
internal sealed class RecordingSpiDevice(SpiDevice inner, BusTraceWriter trace) : SpiDevice
{
    private readonly string _bus = string.Create(CultureInfo.InvariantCulture, $"spi-{inner.ConnectionSettings.BusId}.{inner.ConnectionSettings.ChipSelectLine}");

    public override SpiConnectionSettings ConnectionSettings => inner.ConnectionSettings;

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

    public override void TransferFullDuplex(ReadOnlySpan<byte> writeBuffer, Span<byte> readBuffer)
    {
        TimeSpan at = trace.Elapsed;
        Errno.Clear();
        try
        {
            inner.TransferFullDuplex(writeBuffer, readBuffer);
        }
        catch (IOException failure)
        {
            Add(at, BusOperation.Transfer, writeBuffer, new byte[readBuffer.Length], Errno.Of(failure));
            throw;
        }

        Add(at, BusOperation.Transfer, writeBuffer, readBuffer, 0);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) { inner.Dispose(); }

        base.Dispose(disposing);
    }

    private void Add(TimeSpan at, BusOperation operation, ReadOnlySpan<byte> written, ReadOnlySpan<byte> read, int errno) => trace.Add(new BusTraceEntry
    {
        At = at,
        Bus = _bus,
        Operation = operation,
        Out = written.ToArray(),
        In = read.ToArray(),
        Errno = errno,
    });
}
