using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock, with one chip of the given kind on bus 1.</summary>
internal sealed class ChipBench<TChip>
    where TChip : EmulatedChip
{
    /// <summary>A bound on the turns of one call: far more than any correct driver needs.</summary>
    private const int MostTurns = 100_000;

    public ChipBench(EmulatedChipOptions options, int seed = 1)
    {
        Board = new EmulatedBoard(new() { Seed = seed, Chips = [options] }, Ambient, Clock);
        Buses = new EmulatedBusProvider(Board);
        Bus = Board.I2cBuses.Single();
        Address = Bus.Chips.Keys.Single();
        Chip = (TChip)Bus.Chips[Address];
    }

    public FakeTimeProvider Clock { get; } = new();

    public Ambient Ambient { get; } = new();

    public EmulatedBoard Board { get; }

    public EmulatedBusProvider Buses { get; }

    public EmulatedI2cBus Bus { get; }

    public int Address { get; }

    public TChip Chip { get; }

    public I2cDevice Open() => Buses.OpenI2c(1, Address);

    public void Pass(double milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets virtual time pass until the call has ended; half a millisecond a turn unless told otherwise.</summary>
    public async Task<T> Run<T>(ValueTask<T> call, double stepMilliseconds = 0.5)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; turn < MostTurns && !task.IsCompleted; turn++)
        {
            Pass(stepMilliseconds);
            await Task.Yield();
        }

        Assert.True(task.IsCompleted, "The call waits for something that time does not bring.");
        return await task;
    }

    public Task<T> Run<T>(Task<T> call, double stepMilliseconds = 0.5) => Run(new ValueTask<T>(call), stepMilliseconds);

    public async Task Run(Task call, double stepMilliseconds = 0.5) => await Run(Wrap(call), stepMilliseconds);

    /// <summary>How long a call takes on the virtual clock.</summary>
    public async Task<TimeSpan> TimeOf(Func<Task> call, double stepMilliseconds = 0.5)
    {
        long start = Clock.GetTimestamp();
        await Run(call(), stepMilliseconds);
        return Clock.GetElapsedTime(start);
    }

    private static async ValueTask<bool> Wrap(Task call)
    {
        await call;
        return true;
    }
}
