namespace HilRig.Bench;

/// <summary>Waits until something observable is true, never for a fixed time.</summary>
internal static class Waiting
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks again every 50 ms; answers false when <paramref name="deadline"/> passed first.</summary>
    public static async Task<bool> UntilAsync(Func<Task<bool>> condition, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken)
    {
        long began = clock.GetTimestamp();
        while (!await condition())
        {
            if (clock.GetElapsedTime(began) >= deadline)
            {
                return false;
            }
            await Task.Delay(Pause, clock, cancellationToken);
        }
        return true;
    }

    /// <inheritdoc cref="UntilAsync(Func{Task{bool}}, TimeSpan, TimeProvider, CancellationToken)"/>
    public static Task<bool> UntilAsync(Func<bool> condition, TimeSpan deadline, TimeProvider clock, CancellationToken cancellationToken) =>
        UntilAsync(() => Task.FromResult(condition()), deadline, clock, cancellationToken);
}
