using System.Device.Spi;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock with one chip at chip select 0 of SPI bus 0.</summary>
internal sealed class SpiBench
{
    private const int MostTurns = 100_000;

    public SpiBench(EmulatedChipOptions chip, int seed = 1)
    {
        Board = new EmulatedBoard(new EmulatedBoardOptions { Seed = seed, Chips = [chip] }, Ambient, Clock);
        Buses = new EmulatedBusProvider(Board);
    }

    public FakeTimeProvider Clock { get; } = new();

    public Ambient Ambient { get; } = new();

    public EmulatedBoard Board { get; }

    public EmulatedBusProvider Buses { get; }

    public EmulatedSpiBus Bus => Board.SpiBuses.Single();

    public EmulatedSpiChip Chip => Bus.Chips[0];

    public SpiDevice Open(SpiMode mode = SpiMode.Mode0, int clockHertz = 1_000_000) =>
        Buses.OpenSpi(new SpiConnectionSettings(0, 0) { Mode = mode, ClockFrequency = clockHertz });

    public static byte[] Exchange(SpiDevice device, params byte[] send)
    {
        byte[] receive = new byte[send.Length];
        device.TransferFullDuplex(send, receive);
        return receive;
    }

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
