namespace DeviceNodes.Child;

/// <summary>Time that never passes: no wait ends by it, and nothing is ever late.</summary>
public sealed class StoppedTime : TimeProvider
{
    /// <inheritdoc/>
    public override long GetTimestamp() => 0;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new NoTimer();
}
