using System.Device.Spi;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

public sealed class Mcp3008ChipTests
{
    [Theory, InlineData(SpiMode.Mode0), InlineData(SpiMode.Mode3)]
    public void The_three_bytes_of_public_drivers_give_null_bit_and_result_and_leave_the_rest_floating(SpiMode mode)
    {
        SpiBench bench = Chip(1.65);
        using SpiDevice device = bench.Open(mode);

        Assert.Equal([0xFF, 0b1111_1010, 0x00], SpiBench.Exchange(device, 0x01, 0x80, 0x00));
        bench.Bus.FloatsHigh = false;
        Assert.Equal([0x00, 0b0000_0010, 0x00], SpiBench.Exchange(device, 0x01, 0x80, 0x00));
    }

    [Fact]
    public void Further_clocks_repeat_the_result_backwards_and_then_bring_zeros()
    {
        SpiBench bench = Chip(3.3 * 0b10_1100_0111 / 1024 + 0.0001);
        using SpiDevice device = bench.Open();

        byte[] answer = SpiBench.Exchange(device, 0x01, 0x80, 0, 0, 0, 0, 0);

        Assert.Equal([0xFF, 0b1111_1010, 0b1100_0111, 0b1100_0110, 0b1000_0000, 0, 0], answer);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(3), InlineData(7), InlineData(9)]
    public void The_start_bit_may_come_after_any_number_of_zeros(int zeros)
    {
        SpiBench bench = Chip(1.65);
        using SpiDevice device = bench.Open();
        byte[] send = new byte[5];
        foreach (int clock in new[] { zeros, zeros + 1 }) { send[clock / 8] |= (byte)(0x80 >> (clock % 8)); }

        byte[] answer = SpiBench.Exchange(device, send);

        string bits = string.Concat(answer.Select(static one => Convert.ToString(one, 2).PadLeft(8, '0')));
        Assert.Equal(new string('1', zeros + 6) + "0" + "1000000000" + "000000001", bits[..(zeros + 26)]);
    }

    [Fact]
    public void Without_a_start_bit_nothing_is_driven()
    {
        using SpiDevice device = Chip(1.65).Open();

        Assert.Equal([0xFF, 0xFF, 0xFF], SpiBench.Exchange(device, 0, 0, 0));
        Assert.Equal([0xFF], SpiBench.Exchange(device, 0x3F)); // ends before the null bit
    }

    [Fact]
    public void Every_selection_converts_its_channel_or_difference()
    {
        SpiBench bench = Chip(0);
        using SpiDevice device = bench.Open();
        int[] codes = [10, 30, 100, 60, 0, 1023, 500, 500];
        for (int i = 0; i < 8; i++) { bench.Ambient.InputVolts[i] = Stimulus.Constant(Volts(codes[i])); }

        int[] single = [.. Enumerable.Range(0, 8).Select(channel => Code(SpiBench.Exchange(device, 0x01, (byte)(0x80 | (channel << 4)), 0)))];
        int[] pairs = [.. Enumerable.Range(0, 8).Select(pair => Code(SpiBench.Exchange(device, 0x01, (byte)(pair << 4), 0)))];

        Assert.Equal(codes, single);
        Assert.Equal([0, 20, 40, 0, 0, 1023, 0, 0], pairs);
    }

    [Theory, InlineData(-0.1, 0), InlineData(0, 0), InlineData(0.0032, 0), InlineData(0.0033, 1), InlineData(3.2967, 1022), InlineData(3.2968, 1023), InlineData(5, 1023)]
    public void The_result_is_truncated_and_held_at_both_ends(double volts, int code)
    {
        using SpiDevice device = Chip(volts).Open();

        Assert.Equal(code, Code(SpiBench.Exchange(device, 0x01, 0x80, 0)));
    }

    [Theory, InlineData(10_000, 512), InlineData(5_000, 256)]
    public void Too_slow_a_clock_loses_charge(int clockHertz, int code)
    {
        using SpiDevice device = Chip(1.65).Open(clockHertz: clockHertz);

        Assert.Equal(code, Code(SpiBench.Exchange(device, 0x01, 0x80, 0)));
    }

    [Theory, InlineData(3.3, 1_350_000), InlineData(5.0, 3_600_000)]
    public void Too_fast_a_clock_gets_the_bits_late(double reference, int fastest)
    {
        SpiBench bench = new(new() { Chip = "MCP3008", ReferenceVolts = reference });
        bench.Ambient.InputVolts[0] = Stimulus.Constant(reference / 2);
        using SpiDevice kept = bench.Open(clockHertz: fastest);
        using SpiDevice late = bench.Open(clockHertz: fastest + 1);

        Assert.Equal([0xFF, 0xFA, 0x00], SpiBench.Exchange(kept, 0x01, 0x80, 0));
        Assert.Equal([0xFF, 0xFD, 0x00], SpiBench.Exchange(late, 0x01, 0x80, 0));
    }

    [Fact]
    public void A_unit_with_imperfections_is_the_same_for_the_same_seed_and_within_the_datasheets_limits()
    {
        int[][] units = [.. Enumerable.Range(1, 50).Select(static seed => Codes(seed))];

        Assert.Equal(Codes(7), Codes(7));
        Assert.True(units.Select(static codes => string.Join(' ', codes)).Distinct().Count() > 10);
        Assert.All(units, static codes => Assert.All(codes, static code => Assert.InRange(code, 512 - 4, 512 + 4)));

        static int[] Codes(int seed)
        {
            SpiBench bench = new(new() { Chip = "MCP3008", HasTolerances = true }, seed);
            for (int i = 0; i < 8; i++) { bench.Ambient.InputVolts[i] = Stimulus.Constant(Volts(512)); }

            using SpiDevice device = bench.Open();
            return [.. Enumerable.Range(0, 8).Select(channel => Code(SpiBench.Exchange(device, 0x01, (byte)(0x80 | (channel << 4)), 0)))];
        }
    }

    private static SpiBench Chip(double volts)
    {
        SpiBench bench = new(new() { Chip = "mcp3008" });
        bench.Ambient.InputVolts[0] = Stimulus.Constant(volts);
        return bench;
    }

    private static double Volts(int code) => 3.3 * (code + 0.25) / 1024;

    private static int Code(byte[] answer) => ((answer[1] & 3) << 8) | answer[2];
}
