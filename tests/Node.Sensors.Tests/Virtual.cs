using Microsoft.Extensions.Time.Testing;

namespace Node.Sensors.Tests;

/// <summary>Lets virtual time pass while a call is under way.</summary>
internal static class Virtual
{
    private const int MostTurns = 200_000;

    public static async Task<T> Run<T>(FakeTimeProvider clock, ValueTask<T> call, double stepMilliseconds = 0.5)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; turn < MostTurns && !task.IsCompleted; turn++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(stepMilliseconds));
            await Task.Yield();
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
