using HilRig.Bench;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;
using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>A board with power, and the server through which programs reach it. The board goes with it, and with the board the chips' state.</summary>
internal sealed class ServedBoard : IAsyncDisposable
{
    private readonly IBusProvider _buses;
    private readonly BusBoard _bus;
    private readonly TimeProvider _time;
    private readonly Action<string>? _tell;
    private BusListener? _listener;

    private ServedBoard(EmulatedBoard board, RemoteBusEndpoint endpoint, TimeProvider time, Action<string>? tell, string? record)
    {
        Board = board;
        _time = time;
        _tell = tell;
        _buses = new EmulatedBusProvider(board);
        if (record is not null)
        {
            _buses = new RecordingBusProvider(_buses, BusTraceWriter.Create(record, _buses.Name, time));
        }
        _bus = new BusBoard(board, _buses, time);
        _listener = BusListener.Start(endpoint, _bus, time, tell);
        Endpoint = _listener.Endpoint;
    }

    /// <summary>The chips, from outside.</summary>
    public EmulatedBoard Board { get; }

    public RemoteBusEndpoint Endpoint { get; }

    /// <summary>Programs that are connected now.</summary>
    public int ConnectionCount => _listener?.ConnectionCount ?? 0;

    /// <summary>Whether a program hears the line's edges now.</summary>
    public bool IsWatched(int line) => _bus.Lines.IsWatched(line);

    /// <summary>Serves a board, which then belongs to the server.</summary>
    /// <param name="board">The chips.</param>
    /// <param name="endpoint">Where to listen.</param>
    /// <param name="time">The server's clock.</param>
    /// <param name="tell">Called with a line for each peer that was cut off; null for none.</param>
    /// <param name="record">The file that every I2C and SPI transfer is recorded in, whoever makes it; null for none.</param>
    /// <exception cref="RigException">The board file is unusable, or the address cannot be listened on.</exception>
    public static ServedBoard Start(EmulatedBoard board, RemoteBusEndpoint endpoint, TimeProvider time, Action<string>? tell = null, string? record = null) =>
        new(board, endpoint, time, tell, record);

    /// <summary>The board of a bench, on a socket in its folder.</summary>
    /// <exception cref="RigException">As above.</exception>
    public static ServedBoard Start(BenchOptions options)
    {
        EmulatedBoard board = BoardSource.Open(options.Board, options.Seed, options.Stimulus, options.Clock);
        return Start(board, SocketIn(options.Folder), options.Clock, options.Echo);
    }

    /// <summary>The socket <c>bus.sock</c> of a folder.</summary>
    /// <exception cref="RigException">The folder's path is too long for a Unix socket.</exception>
    public static RemoteBusEndpoint SocketIn(string folder) => Parse("unix:" + Path.Combine(Path.GetFullPath(folder), "bus.sock"));

    /// <exception cref="RigException">The text is no address.</exception>
    public static RemoteBusEndpoint Parse(string text) => RemoteBusEndpoint.TryParse(text, out RemoteBusEndpoint? endpoint, out string? fault)
        ? endpoint
        : throw new RigException(RigFault.UnusableInput, $"{fault}; name another address with --listen");

    /// <summary>Pulls the cable for an instant: every connection is lost, the chips are not.</summary>
    public void CutConnections() => _listener?.CutConnections();

    /// <summary>Stops serving; the chips keep power and state.</summary>
    public async Task StopListeningAsync()
    {
        if (Interlocked.Exchange(ref _listener, null) is { } listener)
        {
            await listener.DisposeAsync();
        }
    }

    /// <summary>Serves again, at the same address.</summary>
    public void ResumeListening() => _listener ??= BusListener.Start(Endpoint, _bus, _time, _tell);

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync();
        _bus.Dispose();
        _buses.Dispose();
        Board.Dispose();
    }
}
