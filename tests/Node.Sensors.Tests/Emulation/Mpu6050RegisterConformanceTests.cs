using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Holds every register that an MPU-6050 describes against what the bus shows, and the description against the datasheet's table.</summary>
public sealed class Mpu6050RegisterConformanceTests
{
    private const byte UserControl = 0x6A;
    private const byte PowerManagement1 = 0x6B;
    private const byte FifoData = 0x74;

    public static TheoryData<byte> Addresses => [.. Chip(out _).Chip.Registers.Select(static register => register.Address)];

    [Theory, MemberData(nameof(Addresses))]
    public void A_register_reads_its_reset_value_after_power_on(byte address)
    {
        Bench bench = Chip(out I2cDevice device);

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_the_writable_bits_and_no_others(byte address)
    {
        foreach (byte value in new byte[] { 0x7F, 0x00, 0x6A, 0x55 }) // no reset among them
        {
            Bench bench = Chip(out I2cDevice device);
            RegisterDescription description = Description(bench, address);

            device.Write([address, value]);

            int expected = description.Access == RegisterAccess.ReadWrite
                ? (description.Reset & ~description.WriteMask) | (value & description.WriteMask)
                : description.Reset;
            if (address == UserControl) { expected &= 0x60; } // the three resets clear themselves
            Assert.Equal(expected, Read(device, address));
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_no_other_register(byte address)
    {
        Bench bench = Chip(out I2cDevice device);
        byte[] before = Dump(device);

        device.Write([address, 0x51]);
        byte[] after = Dump(device);

        after[address] = before[address];
        if (address == FifoData) { before[0x73] = 1; } // what is written there is counted
        Assert.Equal(before, after);
        Assert.NotNull(Description(bench, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void Writes_and_reads_run_on_into_the_next_register_except_at_the_fifo(byte address)
    {
        Chip(out I2cDevice single);
        Chip(out I2cDevice burst);
        byte next = address == FifoData ? address : (byte)(address + 1);

        single.Write([address, 0x28]);
        single.Write([next, 0x18]);
        burst.Write([address, 0x28, 0x18]);

        byte[] two = new byte[2];
        burst.WriteRead([address], two);
        Assert.Equal([Read(single, address), Read(single, next)], two);
        Assert.Equal(Dump(single), Dump(burst));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_reset_and_a_brown_out_bring_the_reset_value_back(byte address)
    {
        Bench bench = Chip(out I2cDevice device);
        foreach (Action reset in new Action[] { () => device.Write([PowerManagement1, 0x80]), bench.Chip.BrownOut })
        {
            device.Write([address, 0x28]);

            reset();
            bench.Clock.Advance(TimeSpan.FromMilliseconds(20));

            Assert.Equal(Description(bench, address).Reset, Read(device, address));
        }
    }

    [Fact]
    public void The_table_is_the_datasheets()
    {
        IReadOnlyList<RegisterDescription> registers = Chip(out _).Chip.Registers;

        int[] addresses =
        [
            .. Enumerable.Range(0x06, 6), .. Enumerable.Range(0x0D, 4), .. Enumerable.Range(0x13, 38), 0x3A,
            .. Enumerable.Range(0x3B, 39), .. Enumerable.Range(0x63, 10), .. Enumerable.Range(0x72, 4),
        ];
        Assert.Equal(addresses.Order(), registers.Select(static register => (int)register.Address));
        Assert.Equal([0x40, 0x68], registers.Where(static register => register.Address > 0x10 && register.Reset != 0).Select(static register => (int)register.Reset));
        Assert.All(registers.Where(static register => register.Address is >= 0x0D and <= 0x10), static register => Assert.NotEqual(0, register.Reset));
        Assert.Equal(0xF8, registers.Single(static register => register.Name == "GYRO_CONFIG").WriteMask);
        Assert.Equal(0x3F, registers.Single(static register => register.Name == "CONFIG").WriteMask);
    }

    private static Bench Chip(out I2cDevice device)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "MPU-6050" });
        device = bench.Open();
        return bench;
    }

    private static RegisterDescription Description(Bench bench, byte address) => bench.Chip.Registers.Single(register => register.Address == address);

    private static byte Read(I2cDevice device, byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    /// <summary>One by one, because a burst over everything would stop at the FIFO's register.</summary>
    private static byte[] Dump(I2cDevice device) => [.. Enumerable.Range(0, 256).Select(address => Read(device, (byte)address))];
}
