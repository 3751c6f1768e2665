using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock, with one chip on bus 1: a BME280 at 0x76, or the one that a test names.</summary>
internal sealed class Bench
{
    /// <summary>A bound on the turns of one call: far more than any correct driver needs.</summary>
    private const int MostTurns = 10_000;

    public Bench(int seed = 1, ConversionTime conversionTime = ConversionTime.Typical)
        : this(new EmulatedChipOptions { Chip = "BME280", ConversionTime = conversionTime }, seed)
    {
    }

    public Bench(EmulatedChipOptions chip, int seed = 1)
    {
        EmulatedBoardOptions options = new() { Seed = seed, Chips = [chip] };
        Board = new EmulatedBoard(options, Ambient, Clock);
        Buses = new EmulatedBusProvider(Board);
        Address = Bus.Chips.Keys.Single();
    }

    public FakeTimeProvider Clock { get; } = new();

    public Ambient Ambient { get; } = new();

    public EmulatedBoard Board { get; }

    public EmulatedBusProvider Buses { get; }

    public EmulatedI2cBus Bus => Board.I2cBuses.Single();

    public int Address { get; }

    public EmulatedChip Chip => Bus.Chips[Address];

    public I2cDevice Open() => Buses.OpenI2c(1, Address);

    public Bme280 OpenSensor(Bme280Options? options = null) => new(Open(), options ?? new Bme280Options(), Clock);

    /// <summary>Lets virtual time pass until the call has ended.</summary>
    public async Task<T> Run<T>(ValueTask<T> call, TimeSpan? step = null)
    {
        Task<T> task = call.AsTask();
        for (int turn = 0; turn < MostTurns && !task.IsCompleted; turn++)
        {
            Clock.Advance(step ?? TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }

        Assert.True(task.IsCompleted, "The call waits for something that time does not bring.");
        return await task;
    }

    public async Task Run(Task call, TimeSpan? step = null) => await Run(Wrap(call), step);

    private static async ValueTask<bool> Wrap(Task call)
    {
        await call;
        return true;
    }
}
