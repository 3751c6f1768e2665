using System.Device.I2c;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Support;

/// <summary>One emulated BME280 on bus 1 at 0x76, on virtual time.</summary>
internal sealed class Bench
{
    public Bench(int seed = 1, ConversionTime conversionTime = ConversionTime.Typical, Bme280Nvm? nvm = null)
    {
        Board = new EmulatedBoard(new EmulatedBoardOptions { Chips = [] }, Ambient, Clock);
        var surroundings = new EmulatedSurroundings(Ambient, Clock);
        Chip = nvm is null ? new Bme280Chip(surroundings, seed, conversionTime) : new Bme280Chip(surroundings, nvm, conversionTime);
        Assert.True(Board.TryGetI2cBus(1, out EmulatedI2cBus? bus));
        Bus = bus;
        Bus.Attach(0x76, Chip);
        Provider = new EmulatedBusProvider(Board);
        Clock.Advance(TimeSpan.FromMilliseconds(3)); // past the start-up
    }

    public FakeTimeProvider Clock { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public Ambient Ambient { get; } = new();

    public EmulatedBoard Board { get; }

    public EmulatedI2cBus Bus { get; }

    public EmulatedBusProvider Provider { get; }

    public Bme280Chip Chip { get; }

    public I2cDevice Device => Provider.OpenI2c(1, 0x76);

    public Bme280 Driver(Bme280Options? options = null) => new(Device, options ?? new Bme280Options(), Clock);

    public byte Read(byte register)
    {
        Span<byte> value = stackalloc byte[1];
        Device.WriteRead([register], value);
        return value[0];
    }

    public byte[] Read(byte register, int length)
    {
        var values = new byte[length];
        Device.WriteRead([register], values);
        return values;
    }

    public void Write(params byte[] bytes) => Device.Write(bytes);

    public void Advance(double milliseconds) => Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Moves the virtual clock until the task has ended.</summary>
    public async Task<T> Run<T>(ValueTask<T> running)
    {
        Task<T> task = running.AsTask();
        for (int step = 0; !task.IsCompleted; step++)
        {
            Assert.True(step < 100_000, "the driver waits for ever");
            Clock.Advance(TimeSpan.FromMilliseconds(0.5));
            await Task.Yield();
        }

        return await task;
    }
}
