namespace Hub.Benchmarks;

/// <summary>What the devices of a run count together. Safe for any number of threads.</summary>
internal sealed class LoadFigures
{
    private const int BucketMicroseconds = 50;
    private readonly long[] _latencies = new long[40_001]; // up to two seconds; the last takes the rest
    private long _sent;
    private long _acknowledged;
    private long _lost;

    public long Sent => Volatile.Read(ref _sent);

    public long Acknowledged => Volatile.Read(ref _acknowledged);

    public long Lost => Volatile.Read(ref _lost);

    public void CountSent() => Interlocked.Increment(ref _sent);

    public void CountLost() => Interlocked.Increment(ref _lost);

    public void CountAcknowledged(TimeSpan latency)
    {
        Interlocked.Increment(ref _latencies[Math.Min((long)latency.TotalMicroseconds / BucketMicroseconds, _latencies.Length - 1)]);
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>The time in which a part of the acknowledgements came, to 50 microseconds; then the counts begin anew.</summary>
    public (double Median, double P99) TakeMilliseconds()
    {
        (double, double) times = (Quantile(0.5), Quantile(0.99));
        Array.Clear(_latencies);
        return times;
    }

    private double Quantile(double part)
    {
        long wanted = (long)(_latencies.Sum() * part);
        int index = 0;
        for (long seen = _latencies[0]; seen < wanted && index < _latencies.Length - 1; seen += _latencies[index])
        {
            index++;
        }

        return (index + 1) * BucketMicroseconds / 1000.0;
    }
}
