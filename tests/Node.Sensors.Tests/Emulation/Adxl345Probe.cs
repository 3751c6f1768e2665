using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>An emulated ADXL345 spoken to in raw bytes, INT1 on pin 17 and INT2 on pin 27. Each sample's x counts the periods since the board's start.</summary>
internal sealed class Adxl345Probe : IDisposable
{
    public const int Int1 = 17;
    public const int Int2 = 27;

    private readonly SpiDevice _device;

    public Adxl345Probe(bool imperfections = false, int seed = 1)
    {
        Bench = new(new() { Chip = "ADXL345", InterruptPin = Int1, SecondInterruptPin = Int2, HasTolerances = imperfections }, seed);
        _device = Bench.Open(SpiMode.Mode3);
    }

    public SpiBench Bench { get; }

    public byte Source => Read(0x30);

    public int Entries => Read(0x39) & 0x3F;

    public bool IsInt1High => Bench.Board.Gpio.IsHigh(Int1);

    public bool IsInt2High => Bench.Board.Gpio.IsHigh(Int2);

    public void Write(byte register, byte value) => _device.Write([register, value]);

    public byte Read(byte register) => SpiBench.Exchange(_device, (byte)(0x80 | register), 0)[1];

    public byte[] ReadData() => SpiBench.Exchange(_device, 0xF2, 0, 0, 0, 0, 0, 0)[1..];

    public (short X, short Y, short Z) ReadWords()
    {
        byte[] data = ReadData();
        return (BitConverter.ToInt16(data, 0), BitConverter.ToInt16(data, 2), BitConverter.ToInt16(data, 4));
    }

    public void Advance(double milliseconds) => Bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Measures at 3200 Hz with ±16 g at full resolution: x is the number of the sample from 0, as long as it fits.</summary>
    public void CountSamples()
    {
        Write(0x31, 0x0B);
        Write(0x2C, 0x0F);
        TimeSpan first = Bench.Clock.GetUtcNow() - Bench.Clock.Start + TimeSpan.FromMilliseconds(1.1) + TimeSpan.FromTicks(3125);
        Bench.Ambient.AccelerationXG = new FunctionStimulus(at => (at - first).Ticks / 3125 / 256.0);
        Write(0x2D, 0x08);
        Bench.Clock.Advance(TimeSpan.FromMilliseconds(1.1));
    }

    /// <summary>Lets so many samples happen.</summary>
    public void Samples(int count) => Bench.Clock.Advance(TimeSpan.FromTicks(3125L * count));

    public void Dispose() => _device.Dispose();
}
