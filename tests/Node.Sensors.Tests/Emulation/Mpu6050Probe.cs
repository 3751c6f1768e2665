using System.Buffers.Binary;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>An emulated MPU-6050 asked from outside, register by register.</summary>
internal static class Mpu6050Probe
{
    public const int Pin = 27;
    public const byte Divider = 0x19;
    public const byte Configuration = 0x1A;
    public const byte FifoEnable = 0x23;
    public const byte InterruptPin = 0x37;
    public const byte InterruptEnable = 0x38;
    public const byte Status = 0x3A;
    public const byte Data = 0x3B;
    public const byte UserControl = 0x6A;
    public const byte Power = 0x6B;
    public const byte FifoCount = 0x72;
    public const byte FifoData = 0x74;

    public static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    public static readonly TimeSpan StartUp = TimeSpan.FromMilliseconds(50);

    public static Bench Chip(out I2cDevice device, int seed = 1)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050" }, seed);
        device = bench.Open();
        return bench;
    }

    /// <summary>Awake and settled, with 100 samples a second.</summary>
    public static Bench Awake(out I2cDevice device, int seed = 1)
    {
        Bench bench = Chip(out device, seed);
        device.Write([Divider, 9, 1]);
        device.Write([Power, 0x01]);
        bench.Clock.Advance(StartUp);
        return bench;
    }

    public static Bench Wired(out I2cDevice device, out List<PinEdge> edges)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050", InterruptPin = Pin });
        List<PinEdge> seen = edges = [];
        bench.Board.Gpio.EdgeOccurred += (_, edge) => seen.Add(edge);
        device = bench.Open();
        device.Write([Divider, 9, 1]);
        device.Write([Power, 0x01]);
        return bench;
    }

    public static int Count(I2cDevice device)
    {
        byte[] count = new byte[2];
        device.WriteRead([FifoCount], count);
        return BinaryPrimitives.ReadUInt16BigEndian(count);
    }

    public static byte Read(I2cDevice device, byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    public static short[] ReadData(I2cDevice device)
    {
        byte[] data = new byte[14];
        device.WriteRead([Data], data);
        return [.. data.Chunk(2).Select(static word => BinaryPrimitives.ReadInt16BigEndian(word))];
    }
}
