using System.Device.I2c;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Holds every register that a chip describes against what the bus shows, and the description against the datasheet's table.</summary>
public sealed class RegisterConformanceTests
{
    public static TheoryData<byte> Addresses => [.. Chip(out _).Chip.Registers.Select(static register => register.Address)];

    [Theory, MemberData(nameof(Addresses))]
    public void A_register_reads_its_reset_value_after_start_up(byte address)
    {
        Bench bench = Chip(out I2cDevice device);

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_the_writable_bits_and_no_others(byte address)
    {
        foreach (byte value in new byte[] { 0xFF, 0x00, 0xAA, 0x55 })
        {
            Bench bench = Chip(out I2cDevice device);
            RegisterDescription description = Description(bench, address);
            device.Write([address, value]);
            bench.Clock.Advance(TimeSpan.FromMilliseconds(200)); // a forced measurement that this may have begun is over

            int expected = description.Access == RegisterAccess.ReadWrite
                ? (description.Reset & ~description.WriteMask) | (value & description.WriteMask)
                : description.Reset;
            bool forced = address == 0xF4 && (value & 3) is 1 or 2;
            byte shown = Read(device, address);
            if (description.Access == RegisterAccess.ReadOnly && address >= 0xF7) { continue; }

            Assert.Equal(forced ? expected & ~3 : expected, shown);
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_no_other_register(byte address)
    {
        Bench bench = Chip(out I2cDevice device);
        byte[] before = Dump(device);

        device.Write([address, 0x54]); // asks for no measurement, wherever it lands
        byte[] after = Dump(device);

        after[address] = before[address];
        Assert.Equal(before, after);
        Assert.NotNull(Description(bench, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_does_not_run_on_into_the_next_register(byte address)
    {
        _ = Chip(out I2cDevice device);
        byte[] before = Dump(device);

        device.Write([address, 0x00, 0x10, 0x00]);

        byte[] after = Dump(device);
        after[address] = before[address];
        Assert.Equal(before, after);
    }

    [Theory, MemberData(nameof(Addresses))]
    public void Reads_run_on_into_the_next_register(byte address)
    {
        _ = Chip(out I2cDevice device);
        byte[] two = new byte[2];

        device.WriteRead([address], two);

        Assert.Equal([Read(device, address), Read(device, (byte)(address + 1))], two);
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_soft_reset_brings_the_reset_value_back(byte address)
    {
        Bench bench = Chip(out I2cDevice device);
        device.Write([address, 0x54]);

        device.Write([0xE0, 0xB6]);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Fact]
    public void The_table_is_the_datasheets()
    {
        IReadOnlyList<RegisterDescription> registers = Chip(out _).Chip.Registers;

        byte[] addresses =
        [
            .. Enumerable.Range(0x88, 26).Select(static one => (byte)one), 0xD0, 0xE0,
            .. Enumerable.Range(0xE1, 7).Select(static one => (byte)one), 0xF2, 0xF3, 0xF4, 0xF5,
            .. Enumerable.Range(0xF7, 8).Select(static one => (byte)one),
        ];
        Assert.Equal(addresses, registers.Select(static register => register.Address));
        Assert.Equal([0xF2, 0xF4, 0xF5], registers.Where(static register => register.Access == RegisterAccess.ReadWrite).Select(static register => (int)register.Address));
        Assert.Equal(0x60, registers.Single(static register => register.Name == "id").Reset);
        Assert.Equal([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], registers.Where(static register => register.Address >= 0xF7).Select(static register => (int)register.Reset));
    }

    private static Bench Chip(out I2cDevice device)
    {
        Bench bench = new();
        device = bench.Open();
        bench.Clock.Advance(TimeSpan.FromMilliseconds(2));
        return bench;
    }

    private static RegisterDescription Description(Bench bench, byte address) => bench.Chip.Registers.Single(register => register.Address == address);

    private static byte Read(I2cDevice device, byte register)
    {
        Span<byte> value = stackalloc byte[1];
        device.WriteRead([register], value);
        return value[0];
    }

    private static byte[] Dump(I2cDevice device)
    {
        byte[] all = new byte[256];
        device.WriteRead([0x00], all);
        return all;
    }
}
