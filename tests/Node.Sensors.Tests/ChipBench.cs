using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock, with one chip of the given kind on bus 1.</summary>
internal sealed class ChipBench<TChip>
    where TChip : EmulatedChip
{
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
    public Task<T> Run<T>(ValueTask<T> call, double stepMilliseconds = 0.5) => Virtual.Run(Clock, call, stepMilliseconds);

    public Task<T> Run<T>(Task<T> call, double stepMilliseconds = 0.5) => Run(new ValueTask<T>(call), stepMilliseconds);

    public Task Run(Task call, double stepMilliseconds = 0.5) => Virtual.Run(Clock, call, stepMilliseconds);

    /// <summary>How long a call takes on the virtual clock.</summary>
    public async Task<TimeSpan> TimeOf(Func<Task> call, double stepMilliseconds = 0.5)
    {
        long start = Clock.GetTimestamp();
        await Run(call(), stepMilliseconds);
        return Clock.GetElapsedTime(start);
    }
}
