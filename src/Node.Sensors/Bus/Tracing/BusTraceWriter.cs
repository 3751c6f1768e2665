using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Node.Sensors.Bus;

/// <summary>
/// Writes a trace as JSON lines while it happens. Beyond a limit it writes no more; its last line says so, and once the log does. Safe for use by
/// several threads. Owns the text writer.
/// </summary>
public sealed partial class BusTraceWriter : IDisposable
{
    /// <summary>Characters beyond which a recording ends: 256 MiB.</summary>
    public const long MaximumCharacters = 256L << 20;

    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly long _most;
    private readonly long _start;
    private readonly Lock _lock = new();
    private long _written;
    private bool _disposed;

    /// <summary>Begins a recording: its time is zero now.</summary>
    /// <param name="output">Gets the lines.</param>
    /// <param name="provider">Whose buses are recorded.</param>
    /// <param name="time">The clock of the entries.</param>
    /// <param name="logger">Told when the recording is full; <see langword="null"/> for nobody.</param>
    public BusTraceWriter(TextWriter output, string provider, TimeProvider time, ILogger? logger = null)
        : this(output, provider, time, logger, MaximumCharacters)
    {
    }

    /// <param name="output">Gets the lines.</param>
    /// <param name="provider">Whose buses are recorded.</param>
    /// <param name="time">The clock of the entries.</param>
    /// <param name="logger">Told when the recording is full.</param>
    /// <param name="most">Characters beyond which it ends.</param>
    internal BusTraceWriter(TextWriter output, string provider, TimeProvider time, ILogger? logger, long most)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(time);
        _output = output;
        _time = time;
        _logger = logger ?? NullLogger.Instance;
        _most = most;
        _start = time.GetTimestamp();
        WriteLine(BusTraceFormat.Header(provider));
    }

    /// <summary>Whether entries are left out because the limit was reached.</summary>
    public bool IsFull { get; private set; }

    internal TimeSpan Elapsed => TimeSpan.FromMicroseconds(Math.Floor(_time.GetElapsedTime(_start).TotalMicroseconds));

    /// <summary>Records into a new file; each line is on its way to the disk when its transfer ends.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written by this user.</exception>
    public static BusTraceWriter Create(string path, string provider, TimeProvider time, ILogger? logger = null) =>
        new(new StreamWriter(path) { AutoFlush = true, NewLine = "\n" }, provider, time, logger);

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
            if (IsFull || _disposed) { return; }

            if (_written + line.Length + BusTraceFormat.LongestEnd + 2 <= _most)
            {
                WriteLine(line);
                return;
            }

            IsFull = true;
            WriteLine(BusTraceFormat.End(entry.At));
        }

        Full(_logger, _most);
    }

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning,
        Message = "The recording of the buses has its {Characters} characters and is full: what happens from now on is left out. Take the file away and restart the node for another one.")]
    private static partial void Full(ILogger logger, long characters);

    private void WriteLine(string line)
    {
        _written += line.Length + 1;
        _output.Write(line);
        _output.Write('\n');
    }
}
