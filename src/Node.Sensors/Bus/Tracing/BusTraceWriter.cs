namespace Node.Sensors.Bus;

/// <summary>
/// Writes a trace as JSON lines while it happens. Beyond a limit of bytes it writes no more and says so in its last line's place:
/// <see cref="IsFull"/>. Safe for use by several threads. Owns the text writer.
/// </summary>
public sealed class BusTraceWriter : IDisposable
{
    /// <summary>Characters beyond which a recording ends: 256 MiB.</summary>
    public const long MaximumCharacters = 256L << 20;

    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _lock = new();
    private long _written;
    private bool _disposed;

    /// <summary>Begins a recording: its time is zero now.</summary>
    /// <param name="output">Gets the lines.</param>
    /// <param name="provider">Whose buses are recorded.</param>
    /// <param name="time">The clock of the entries.</param>
    public BusTraceWriter(TextWriter output, string provider, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        _output = output;
        _time = time;
        _start = time.GetTimestamp();
        WriteLine(BusTraceFormat.Header(provider));
    }

    /// <summary>Whether entries are left out because the limit was reached.</summary>
    public bool IsFull { get; private set; }

    internal TimeSpan Elapsed => TimeSpan.FromMicroseconds(Math.Floor(_time.GetElapsedTime(_start).TotalMicroseconds));

    /// <summary>Records into a new file; each line is on its way to the disk when its transfer ends.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written by this user.</exception>
    public static BusTraceWriter Create(string path, string provider, TimeProvider time) =>
        new(new StreamWriter(path) { AutoFlush = true, NewLine = "\n" }, provider, time);

    /// <summary>Ends the recording. What happens afterwards is left out.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed) { return; }

            _disposed = true;
            _output.Dispose();
        }
    }

    internal void Add(BusTraceEntry entry)
    {
        string line = BusTraceFormat.Line(entry);
        lock (_lock)
        {
            IsFull |= _written + line.Length > MaximumCharacters;
            if (!IsFull && !_disposed) { WriteLine(line); }
        }
    }

    private void WriteLine(string line)
    {
        _written += line.Length + 1;
        _output.Write(line);
        _output.Write('\n');
    }
}
