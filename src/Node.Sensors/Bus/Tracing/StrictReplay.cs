using System.Globalization;

namespace Node.Sensors.Bus;

/// <summary>Answers transfers in the order of the trace; any other transfer is an error.</summary>
internal sealed class StrictReplay(string bus, BusTraceEntry[] entries) : ReplayedBus(bus)
{
    private readonly Lock _lock = new();
    private int _next;

    public override int Remaining
    {
        get
        {
            lock (_lock) { return entries.Length - _next; }
        }
    }

    protected override (int Errno, ReadOnlyMemory<byte> Answer) Find(BusTraceEntry asked)
    {
        lock (_lock)
        {
            if (_next == entries.Length)
            {
                throw new SensorException(SensorFault.BusFailure, $"{Name}: the trace ends after {entries.Length} transfers, and the program asks for {asked.Text}.");
            }

            BusTraceEntry expected = entries[_next];
            if (!expected.AsksTheSame(asked))
            {
                throw new SensorException(SensorFault.BusFailure, string.Create(CultureInfo.InvariantCulture,
                    $"{Name}: transfer {_next + 1} of the trace is {expected.Text}, and the program asks for {asked.Text}. Record anew, or replay leniently."));
            }

            _next++;
            return (expected.Errno, expected.In);
        }
    }
}
