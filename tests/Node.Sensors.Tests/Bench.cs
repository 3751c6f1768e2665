using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock, with one BME280 at 0x76 on bus 1.</summary>
internal sealed class Bench
{
    /// <summary>A bound on the turns of one call: far more than any correct driver needs.</summary>
    private const int MostTurns = 10_000;

    public Bench(int seed = 1, ConversionTime conversionTime = ConversionTime.Typical)
    {
        EmulatedBoardOptions options = new()
        {
            Seed = seed,
            Chips = [new EmulatedChipOptions { Chip = "BME280", ConversionTime = conversionTime }],
        };
        Board = new EmulatedBoard(options, Ambient, Clock);
        Buses = new EmulatedBusProvider(Board);
    }

    public FakeTimeProvider Clock { get; } = new();

    public Ambient Ambient { get; } = new();

    public EmulatedBoard Board { get; }

    public EmulatedBusProvider Buses { get; }

    public EmulatedI2cBus Bus => Board.I2cBuses.Single();

    public EmulatedChip Chip => Bus.Chips[0x76];

    public I2cDevice Open() => Buses.OpenI2c(1, 0x76);

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

    public async Task Run(Task call) => await Run(Wrap(call));

    private static async ValueTask<bool> Wrap(Task call)
    {
        await call;
        return true;
    }
}
