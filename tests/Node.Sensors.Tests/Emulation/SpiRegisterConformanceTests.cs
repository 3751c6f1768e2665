using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Holds every register of the ADXL345 against what the bus shows, and the description against the datasheet's table.</summary>
public sealed class SpiRegisterConformanceTests
{
    private const byte FifoControl = 0x38;
    private const byte InterruptSource = 0x30;

    public static TheoryData<byte> Addresses => [.. Chip(out _).Chip.Registers.Select(static register => register.Address)];

    [Theory, MemberData(nameof(Addresses))]
    public void A_register_reads_its_reset_value_after_power_on(byte address)
    {
        SpiBench bench = Chip(out SpiDevice device);

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_the_writable_bits_and_no_others(byte address)
    {
        foreach (byte value in new byte[] { 0xAF, 0x00, 0xAA, 0x15, 0xBF }) // in DATA_FORMAT no bit 6, which would silence the chip
        {
            SpiBench bench = Chip(out SpiDevice device);
            RegisterDescription description = Description(bench, address);
            device.Write([address, value]);

            byte expected = description.Access == RegisterAccess.ReadWrite
                ? (byte)((description.Reset & ~description.WriteMask) | (value & description.WriteMask))
                : (byte)description.Reset;
            Assert.Equal(expected, Read(device, address));
        }
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_write_changes_no_other_register(byte address)
    {
        _ = Chip(out SpiDevice device);
        byte[] before = Dump(device);

        device.Write([address, 0x17]);
        byte[] after = Dump(device);

        after[address] = before[address];
        if (address == FifoControl) { after[InterruptSource] = before[InterruptSource]; } // the watermark is no longer 0, so it is not reached
        Assert.Equal(before, after);
    }

    [Theory, MemberData(nameof(Addresses))]
    public void Reads_with_the_burst_bit_run_on_and_without_it_stay(byte address)
    {
        _ = Chip(out SpiDevice device);

        byte[] burst = SpiBench.Exchange(device, (byte)(0xC0 | address), 0, 0);
        byte[] single = SpiBench.Exchange(device, (byte)(0x80 | address), 0, 0);

        Assert.Equal([Read(device, address), Read(device, (byte)((address + 1) & 0x3F))], burst[1..]);
        Assert.Equal([Read(device, address), Read(device, address)], single[1..]);
    }

    [Theory, MemberData(nameof(Addresses))]
    public void A_brown_out_brings_the_reset_value_back(byte address)
    {
        SpiBench bench = Chip(out SpiDevice device);
        device.Write([address, 0x1D]);

        bench.Chip.BrownOut();

        Assert.Equal(Description(bench, address).Reset, Read(device, address));
    }

    [Fact]
    public void The_table_is_the_datasheets()
    {
        IReadOnlyList<RegisterDescription> registers = Chip(out _).Chip.Registers;

        Assert.Equal([0x00, .. Enumerable.Range(0x1D, 0x39 - 0x1D + 1).Select(static one => (byte)one)], registers.Select(static register => register.Address));
        Assert.Equal(
            [0x00, 0x2B, 0x30, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37, 0x39],
            registers.Where(static register => register.Access == RegisterAccess.ReadOnly).Select(static register => (int)register.Address));
        Assert.Equal(
            [("DEVID", 0xE5), ("BW_RATE", 0x0A), ("INT_SOURCE", 0x02)],
            registers.Where(static register => register.Reset != 0).Select(static register => (register.Name, (int)register.Reset)));
        Assert.Equal(
            [(0x2A, 0x0F), (0x2C, 0x1F), (0x2D, 0x3F), (0x31, 0xEF)],
            registers.Where(static register => register.WriteMask is not (0 or 0xFF)).Select(static register => ((int)register.Address, (int)register.WriteMask)));
    }

    [Fact]
    public void Reserved_registers_read_zero_and_addresses_run_round_at_six_bits()
    {
        _ = Chip(out SpiDevice device);

        byte[] all = SpiBench.Exchange(device, [0xC1, .. new byte[128]]);

        Assert.All(all[1..0x1D], static value => Assert.Equal(0, value));
        Assert.Equal(0xE5, all[64]);
        Assert.Equal(0xE5, all[128]);
    }

    private static SpiBench Chip(out SpiDevice device)
    {
        SpiBench bench = new(new() { Chip = "ADXL345" });
        device = bench.Open(SpiMode.Mode3);
        return bench;
    }

    private static RegisterDescription Description(SpiBench bench, byte address) => bench.Chip.Registers.Single(register => register.Address == address);

    private static byte Read(SpiDevice device, byte register) => SpiBench.Exchange(device, (byte)(0x80 | register), 0)[1];

    private static byte[] Dump(SpiDevice device) => SpiBench.Exchange(device, [0xC0, .. new byte[64]])[1..];
}
