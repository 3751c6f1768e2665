namespace Node.Sensors.Bus.Remote;

/// <summary>How much of one request's time is left.</summary>
/// <param name="time">The clock; sockets wait in real time, so this is the machine's.</param>
/// <param name="limit">The whole time.</param>
internal sealed class RequestDeadline(TimeProvider time, TimeSpan limit)
{
    private readonly long _began = time.GetTimestamp();

    public TimeSpan Limit { get; } = limit;

    public TimeSpan Left
    {
        get
        {
            TimeSpan left = Limit - time.GetElapsedTime(_began);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    public CancellationTokenSource ToCancellation() => new(Left, time);
}
