namespace Node.Sensors.Bus;

/// <summary>Makes transfers with one device and writes each into a trace, failures with the error number that the program saw.</summary>
/// <param name="trace">The trace.</param>
/// <param name="bus">The bus as the trace names it.</param>
/// <param name="address">The chip's address; 0 on SPI.</param>
internal sealed class TransferRecorder(BusTraceWriter trace, string bus, int address = 0)
{
    /// <summary>One transfer of a device; the spans that it does not need are empty.</summary>
    public delegate void Transfer<in TDevice>(TDevice device, ReadOnlySpan<byte> written, Span<byte> read);

    public void Record<TDevice>(TDevice device, BusOperation operation, ReadOnlySpan<byte> written, Span<byte> read, Transfer<TDevice> transfer)
    {
        TimeSpan at = trace.Elapsed;
        Errno.Clear();
        try
        {
            transfer(device, written, read);
        }
        catch (IOException failure)
        {
            Add(at, operation, written, new byte[read.Length], Errno.Of(failure));
            throw;
        }

        Add(at, operation, written, read, 0);
    }

    private void Add(TimeSpan at, BusOperation operation, ReadOnlySpan<byte> written, ReadOnlySpan<byte> read, int errno) => trace.Add(new BusTraceEntry
    {
        At = at,
        Bus = bus,
        Address = address,
        Operation = operation,
        Out = written.ToArray(),
        In = read.ToArray(),
        Errno = errno,
    });
}
