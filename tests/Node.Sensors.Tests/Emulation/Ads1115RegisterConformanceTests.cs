using System.Buffers.Binary;
using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Holds every word register that an ADS1115 describes against what the bus shows, and the description against the datasheet's table.</summary>
public sealed class Ads1115RegisterConformanceTests
{
    public static TheoryData<byte> Addresses => [0, 1, 2, 3];

    [Theory, MemberData(nameof(Addresses))]
    public void A_register_reads_its_reset_value_after_power_on(byte address)
    {
        Bench bench = Chip(out I2cDevice device);

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_the_writable_bits_and_no_others(byte address)
    {
        foreach (ushort value in new ushort[] { 0x7FFF, 0x0100, 0x2BAA, 0x5555 }) // single-shot, and no conversion is begun
        {
            Bench bench = Chip(out I2cDevice device);
            RegisterDescription description = Description(bench, address);

            device.Write([address, (byte)(value >> 8), (byte)value]);

            Assert.Equal((description.Reset & ~description.WriteMask) | (value & description.WriteMask), Read(device, address));
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_no_other_register_and_does_not_run_on(byte address)
    {
        _ = Chip(out I2cDevice device);
        ushort[] before = Dump(device);

        device.Write([address, 0x01, 0x23, 0x45, 0x67]);

        ushort[] after = Dump(device);
        after[address] = before[address];
        Assert.Equal(before, after);
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_register_changes_only_when_both_bytes_were_sent(byte address)
    {
        _ = Chip(out I2cDevice device);
        ushort[] before = Dump(device);

        device.Write([address, 0x12]);

        Assert.Equal(before, Dump(device));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void Only_the_low_two_bits_of_the_pointer_count(byte address)
    {
        Bench bench = Chip(out I2cDevice device);

        Assert.Equal(Description(bench, address).Reset, Read(device, (byte)(0xFC | address)));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_brown_out_and_the_general_call_bring_the_reset_value_back(byte address)
    {
        Bench bench = Chip(out I2cDevice device);
        foreach (Action reset in new Action[] { bench.Chip.BrownOut, () => Assert.True(bench.Bus.GeneralCall(0x06)) })
        {
            device.Write([address, 0x35, 0x54]);

            reset();

            Assert.Equal(Description(bench, address).Reset, Read(device, address));
        }
    }

    [Fact]
    public void The_table_is_the_datasheets()
    {
        IReadOnlyList<RegisterDescription> registers = Chip(out _).Chip.Registers;

        Assert.Equal(["Conversion", "Config", "Lo_thresh", "Hi_thresh"], registers.Select(static register => register.Name));
        Assert.Equal([0x0000, 0x8583, 0x8000, 0x7FFF], registers.Select(static register => (int)register.Reset));
        Assert.Equal([0x0000, 0x7FFF, 0xFFFF, 0xFFFF], registers.Select(static register => (int)register.WriteMask));
    }

    private static Bench Chip(out I2cDevice device)
    {
        Bench bench = new(new EmulatedChipOptions { Chip = "ADS1115" });
        device = bench.Open();
        return bench;
    }

    private static RegisterDescription Description(Bench bench, byte address) => bench.Chip.Registers.Single(register => register.Address == address);

    private static ushort[] Dump(I2cDevice device) => [.. Enumerable.Range(0, 4).Select(register => Read(device, (byte)register))];

    private static ushort Read(I2cDevice device, byte register)
    {
        Span<byte> word = stackalloc byte[2];
        device.WriteRead([register], word);
        return BinaryPrimitives.ReadUInt16BigEndian(word);
    }
}
