namespace Node.Sensors.Bus;

/// <summary>
/// Answers a transfer by what was recorded for its address and register nearest in time. The register is what the transfer writes before it
/// reads or, for a read alone, what was last written to the address. Writes to an address that ever answered are acknowledged.
/// </summary>
internal sealed class LenientReplay : ReplayedBus
{
    private const int RegisterBytes = 2;

    private readonly Dictionary<(int Address, string Register), List<BusTraceEntry>> _reads = [];
    private readonly Dictionary<int, List<BusTraceEntry>> _writes = [];
    private readonly Dictionary<int, string> _selected = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;

    public LenientReplay(string bus, BusTraceEntry[] entries, TimeProvider time, long start)
        : base(bus)
    {
        _time = time;
        _start = start;
        Dictionary<int, string> selected = [];
        foreach (BusTraceEntry entry in entries)
        {
            string register = Register(entry, selected);
            if (entry.In.IsEmpty) { AddTo(_writes, entry.Address, entry); }
            else { AddTo(_reads, (entry.Address, register), entry); }
        }
    }

    /// <summary>Nothing is used up.</summary>
    public override int Remaining => 0;

    protected override (int Errno, ReadOnlyMemory<byte> Answer) Find(BusTraceEntry asked)
    {
        lock (_lock)
        {
            TimeSpan now = _time.GetElapsedTime(_start);
            string register = Register(asked, _selected);
            if (asked.In.IsEmpty)
            {
                BusTraceEntry? write = Nearest(_writes.GetValueOrDefault(asked.Address), now, entry => entry.Out.Span.SequenceEqual(asked.Out.Span));
                return (write?.Errno ?? (IsKnown(asked.Address) ? 0 : Sensors.Bus.Errno.RemoteInputOutput), default);
            }

            BusTraceEntry? read = Nearest(_reads.GetValueOrDefault((asked.Address, register)), now, entry => entry.In.Length >= asked.In.Length);
            if (read is not null) { return (read.Errno, read.In); }

            return IsKnown(asked.Address)
                ? throw new SensorException(SensorFault.BusFailure, $"{Name}: the trace has no answer to {asked.Text} (register {register}); record with a program that reads it.")
                : (Sensors.Bus.Errno.RemoteInputOutput, default);
        }
    }

    /// <summary>What a transfer asks for; writes are remembered for the reads after them.</summary>
    private static string Register(BusTraceEntry entry, Dictionary<int, string> selected)
    {
        string written = Convert.ToHexStringLower(entry.Out.Span[..Math.Min(entry.Out.Length, RegisterBytes)]);
        if (entry.Out.IsEmpty) { return selected.GetValueOrDefault(entry.Address, ""); }

        if (entry.Operation != BusOperation.Transfer) { selected[entry.Address] = written; }

        return written;
    }

    /// <summary>Among the entries that fit exactly, or else among all, the one nearest in time; the earlier of two.</summary>
    private static BusTraceEntry? Nearest(List<BusTraceEntry>? entries, TimeSpan now, Func<BusTraceEntry, bool> fits) =>
        entries?.Where(fits).MinBy(entry => (entry.At - now).Duration()) ?? entries?.MinBy(entry => (entry.At - now).Duration());

    private static void AddTo<TKey>(Dictionary<TKey, List<BusTraceEntry>> lists, TKey key, BusTraceEntry entry)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out List<BusTraceEntry>? list)) { lists.Add(key, list = []); }

        list.Add(entry);
    }

    private bool IsKnown(int address) =>
        (_writes.TryGetValue(address, out List<BusTraceEntry>? writes) && writes.Exists(static one => one.Errno == 0))
        || _reads.Any(read => read.Key.Address == address && read.Value.Exists(static one => one.Errno == 0));
}
