namespace DeviceNodes.Child;

/// <summary>A timer that never rings again.</summary>
internal sealed class NoTimer : ITimer
{
    public bool Change(TimeSpan dueTime, TimeSpan period) => true;

    public void Dispose()
    {
        // It holds nothing.
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
