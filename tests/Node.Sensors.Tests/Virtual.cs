using Microsoft.Extensions.Time.Testing;

namespace Node.Sensors.Tests;

/// <summary>Lets virtual time pass while a call is under way.</summary>
internal static class Virtual
{
    /// <summary>Far more than any correct driver needs; a call that has not ended by then may only have been kept from the processor.</summary>
    private const int QuickTurns = 100_000;

    /// <summary>What a test that really hangs costs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(1);

    public static async Task<T> Run<T>(FakeTimeProvider clock, ValueTask<T> call, double stepMilliseconds = 0.5)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; turn < QuickTurns && !task.IsCompleted; turn++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Yield();
        }

        long began = TimeProvider.System.GetTimestamp();
        while (!task.IsCompleted && TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            clock.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Delay(Breath, TimeProvider.System);
        }

        Assert.True(task.IsCompleted, "The call waits for something that time does not bring.");
        return await task;
    }

    public static async Task Run(FakeTimeProvider clock, Task call, double stepMilliseconds = 0.5) => await Run(clock, Wrap(call), stepMilliseconds);

    private static async ValueTask<bool> Wrap(Task call)
    {
        await call;
        return true;
    }
}
