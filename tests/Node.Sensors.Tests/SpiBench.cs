using System.Device.Spi;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests;

/// <summary>An emulated board on a virtual clock with one chip at chip select 0 of SPI bus 0.</summary>
internal sealed class SpiBench
{
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
    public Task<T> Run<T>(ValueTask<T> call, TimeSpan? step = null) => Virtual.Run(Clock, call, (step ?? TimeSpan.FromMilliseconds(1)).TotalMilliseconds);

    public Task Run(Task call, TimeSpan? step = null) => Virtual.Run(Clock, call, (step ?? TimeSpan.FromMilliseconds(1)).TotalMilliseconds);
}
