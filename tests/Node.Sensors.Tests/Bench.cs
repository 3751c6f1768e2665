using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock, with one chip on bus 1: a BME280 at 0x76, or the one that a test names.</summary>
internal sealed class Bench
{
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
    public Task<T> Run<T>(ValueTask<T> call, TimeSpan? step = null) => Virtual.Run(Clock, call, (step ?? TimeSpan.FromMilliseconds(1)).TotalMilliseconds);

    public Task Run(Task call, TimeSpan? step = null) => Virtual.Run(Clock, call, (step ?? TimeSpan.FromMilliseconds(1)).TotalMilliseconds);
}
