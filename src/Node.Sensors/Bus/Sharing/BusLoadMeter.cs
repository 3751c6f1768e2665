namespace Node.Sensors.Bus;

/// <summary>
/// Counts how long the wires of each bus are busy, from the bits of every transfer and the clock. Remembers at most
/// <see cref="MaximumDevices"/> devices; later ones count for their bus only. Safe for use by several threads.
/// </summary>
public sealed class BusLoadMeter
{
    /// <summary>How many devices are counted one by one.</summary>
    public const int MaximumDevices = 1_024;

    private readonly SortedDictionary<(string Bus, string Device), Account> _accounts = [];
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _start;

    internal BusLoadMeter(TimeProvider time)
    {
        _time = time;
        _start = time.GetTimestamp();
    }

    /// <summary>Every bus and, after it, every device on it, in the order of their names.</summary>
    public IReadOnlyList<BusLoad> Read()
    {
        lock (_lock)
        {
            TimeSpan now = _time.GetElapsedTime(_start);
            return [.. _accounts.Select(one => one.Value.Read(one.Key.Bus, one.Key.Device, now))];
        }
    }

    internal void Count(string bus, string device, long bits, int clockHertz, bool ended)
    {
        double seconds = (double)bits / clockHertz;
        lock (_lock)
        {
            TimeSpan now = _time.GetElapsedTime(_start);
            Find(bus, "")?.Add(now, bits, seconds, ended);
            Find(bus, device)?.Add(now, bits, seconds, ended);
        }
    }

    private Account? Find(string bus, string device)
    {
        if (_accounts.TryGetValue((bus, device), out Account? known)) { return known; }

        if (device.Length > 0 && _accounts.Count >= MaximumDevices) { return null; }

        Account account = new();
        _accounts.Add((bus, device), account);
        return account;
    }

    /// <summary>Totals, and the last seconds in a ring of one-second buckets.</summary>
    private sealed class Account
    {
        private const int Seconds = 10;

        private readonly double[] _busy = new double[Seconds];
        private readonly long[] _second = new long[Seconds];
        private long _transfers;
        private long _failures;
        private long _bits;
        private double _total;

        public void Add(TimeSpan now, long bits, double seconds, bool ended)
        {
            long second = (long)now.TotalSeconds;
            int bucket = (int)(second % Seconds);
            if (_second[bucket] != second) { (_second[bucket], _busy[bucket]) = (second, 0); }

            _busy[bucket] += seconds;
            _transfers++;
            _failures += ended ? 0 : 1;
            _bits += bits;
            _total += seconds;
        }

        /// <summary>The running second counts with the part of it that is over.</summary>
        public BusLoad Read(string bus, string device, TimeSpan now)
        {
            long second = (long)now.TotalSeconds;
            double busy = 0;
            for (int i = 0; i < Seconds; i++)
            {
                if (_second[i] > second - Seconds) { busy += _busy[i]; }
            }

            double over = Math.Min(now.TotalSeconds, Seconds - 1 + (now.TotalSeconds - second));
            double perSecond = over > 0 ? busy / over * 1_000 : 0;
            return new BusLoad(bus, device, _transfers, _failures, _bits, TimeSpan.FromSeconds(_total), perSecond);
        }
    }
}
