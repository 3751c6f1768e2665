using Node.Sensors.Emulation;

namespace HilRig.BusServer;

/// <summary>
/// The header's lines as all peers share them: who holds which, how many edges each has had, and who is to be told. Safe for use by several threads.
/// </summary>
internal sealed class LineDesk : IDisposable
{
    /// <summary>Lines of the Pi 4's chip. Those above the header's 54 belong to its SD card and network, and are always taken.</summary>
    public const int LineCount = 58;

    private const string KernelConsumer = "kernel";
    private readonly Lock _guard = new();
    private readonly string?[] _consumers = new string?[LineCount];
    private readonly LineHolder?[] _holders = new LineHolder?[LineCount];
    private readonly uint[] _notes = new uint[LineCount];
    private readonly long[] _edges = new long[LineCount];
    private readonly List<IEdgeListener> _listeners = [];
    private readonly TimeProvider _time;
    private readonly long _start;

    public LineDesk(EmulatedBoard board, TimeProvider time)
    {
        Chip = board.Gpio;
        _time = time;
        _start = time.GetTimestamp();
        Array.Fill(_consumers, KernelConsumer, EmulatedGpioChip.PinCount, LineCount - EmulatedGpioChip.PinCount);
        Chip.EdgeOccurred += OnEdge;
    }

    public EmulatedGpioChip Chip { get; }

    /// <summary>Nanoseconds since the server began to serve this board: the clock of all time stamps.</summary>
    public long Nanoseconds => (long)(_time.GetElapsedTime(_start).Ticks * 100);

    public void Add(IEdgeListener listener)
    {
        lock (_guard)
        {
            _listeners.Add(listener);
        }
    }

    public void Remove(IEdgeListener listener)
    {
        lock (_guard)
        {
            _listeners.Remove(listener);
        }
    }

    /// <summary>Begins to tell a peer of a line's edges, or ends it.</summary>
    /// <returns>How many edges the line has had; the next one told has the number after it.</returns>
    public long Watch(IEdgeListener listener, int line, bool on)
    {
        lock (_guard)
        {
            listener.Wants[line] = on;
            return _edges[line];
        }
    }

    /// <summary>Whether anybody is told of the line's edges.</summary>
    public bool IsWatched(int line)
    {
        lock (_guard)
        {
            return _listeners.Exists(one => one.Wants[line]);
        }
    }

    /// <returns><see langword="false"/> when somebody else has the line, and is still there.</returns>
    public bool TryTake(int line, LineHolder holder, string consumer)
    {
        if (TryNote(line, holder, consumer))
        {
            return true;
        }
        LineHolder? other;
        lock (_guard)
        {
            other = _holders[line];
        }
        return other is not null && other != holder && other.TryEnd() && TryNote(line, holder, consumer);
    }

    /// <summary>Keeps what a line's holder wants others to see of how it uses the line; the server does not look at it.</summary>
    public void Note(int line, uint note)
    {
        lock (_guard)
        {
            _notes[line] = note;
        }
    }

    public void Free(int line)
    {
        lock (_guard)
        {
            _consumers[line] = null;
            _holders[line] = null;
            _notes[line] = 0;
        }
        Changed(line, LineChange.Released);
    }

    /// <summary>Tells everybody who watches the lines' states.</summary>
    public void Changed(int line, LineChange change)
    {
        IEdgeListener[] told;
        lock (_guard)
        {
            told = [.. _listeners.Where(static one => one.WantsChanges)];
        }
        foreach (IEdgeListener listener in told)
        {
            var frame = new WireFrame(WireKind.LineChanged, 0).UInt16(line).Byte((byte)change).UInt64(Nanoseconds);
            WriteState(frame, line);
            listener.Tell(frame.Finish());
        }
    }

    /// <summary><c>u8 mode, u8 taken, u32 note, text consumer</c>.</summary>
    public void WriteState(WireFrame frame, int line)
    {
        string? consumer;
        uint note;
        lock (_guard)
        {
            (consumer, note) = (_consumers[line], _notes[line]);
        }
        byte mode = line < EmulatedGpioChip.PinCount ? LineMode.Of(Chip.ModeOf(line)) : LineMode.Input;
        frame.Byte(mode).Byte(consumer is null ? (byte)0 : (byte)1).UInt32(note).ShortText(consumer ?? "");
    }

    public void Dispose() => Chip.EdgeOccurred -= OnEdge;

    private bool TryNote(int line, LineHolder holder, string consumer)
    {
        lock (_guard)
        {
            bool isFree = _consumers[line] is null;
            if (isFree)
            {
                _consumers[line] = consumer;
                _holders[line] = holder;
            }
            return isFree;
        }
    }

    private void OnEdge(object? sender, PinEdge edge)
    {
        lock (_guard)
        {
            long number = ++_edges[edge.Pin];
            foreach (IEdgeListener listener in _listeners)
            {
                if (listener.Wants[edge.Pin])
                {
                    listener.Tell(new WireFrame(WireKind.Edge, 0)
                        .UInt16(edge.Pin).Byte(edge.IsRising ? (byte)1 : (byte)0).UInt64(number).UInt64(edge.Sequence).UInt64(Nanoseconds).Finish());
                }
            }
        }
    }
}
