using Node.Sensors.Emulation;
using Node.Sensors.Tests.Support;

namespace Node.Sensors.Tests.Emulation;

/// <summary>The chip as any driver sees it: bytes on the bus, time on the clock.</summary>
public sealed class Bme280ChipTests
{
    private const byte Forced = 0x25; // ×1, ×1, forced

    [Fact]
    public void Every_register_has_its_reset_value_its_mask_and_its_access()
    {
        foreach (RegisterDescription register in new Bench().Chip.Registers)
        {
            var bench = new Bench();
            byte before = bench.Read(register.Address);
            if (!register.Name.StartsWith("calib", StringComparison.Ordinal))
            {
                Assert.True(before == register.Reset, $"{register.Name} reads 0x{before:X2} after power-on, not 0x{register.Reset:X2}");
            }

            bench.Write(register.Address, (byte)(register.Address == 0xF4 ? 0xFC : 0xFF)); // asleep, so that nothing is measured
            byte after = bench.Read(register.Address);

            byte expected = register.Access switch
            {
                RegisterAccess.ReadOnly => before,
                RegisterAccess.WriteOnly => register.Reset,
                _ => (byte)((before & ~register.WriteMask) | ((register.Address == 0xF4 ? 0xFC : 0xFF) & register.WriteMask)),
            };
            Assert.True(expected == after, $"{register.Name} reads 0x{after:X2} after a write, not 0x{expected:X2}");
        }
    }

    [Fact]
    public void The_map_holds_the_registers_of_the_datasheet()
    {
        byte[] addresses = [.. new Bench().Chip.Registers.Select(register => register.Address)];

        Assert.Equal(
            Enumerable.Range(0x88, 26).Concat([0xD0, 0xE0]).Concat(Enumerable.Range(0xE1, 7)).Concat([0xF2, 0xF3, 0xF4, 0xF5]).Concat(Enumerable.Range(0xF7, 8)).Select(address => (byte)address),
            addresses);
    }

    [Fact]
    public void Reads_run_on_and_roll_over()
    {
        var bench = new Bench();

        Assert.Equal([0x60, 0, 0], bench.Read(0xD0, 3));
        byte[] around = bench.Read(0xFE, 4);
        Assert.Equal([bench.Read(0xFE), bench.Read(0xFF), bench.Read(0x00), bench.Read(0x01)], around);
    }

    [Fact]
    public void Writes_are_pairs_and_do_not_run_on()
    {
        var bench = new Bench();
        bench.Write(0xF2, 0x03, 0xF5, 0x10);

        Assert.Equal((0x03, 0x00, 0x10), (bench.Read(0xF2), bench.Read(0xF4), bench.Read(0xF5)));
    }

    [Fact]
    public void The_pointer_stays_across_stop()
    {
        var bench = new Bench();
        bench.Write(0xD0);
        Span<byte> id = stackalloc byte[1];
        bench.Device.Read(id);

        Assert.Equal(0x60, id[0]);
    }

    [Theory]
    [InlineData(ConversionTime.Typical, 0x01, 0x25, 8.0)]
    [InlineData(ConversionTime.Maximum, 0x01, 0x25, 9.3)]
    [InlineData(ConversionTime.Typical, 0x01, 0x55, 40.0)]
    [InlineData(ConversionTime.Maximum, 0x01, 0x55, 46.1)]
    [InlineData(ConversionTime.Typical, 0x05, 0xB5, 98.0)]
    [InlineData(ConversionTime.Maximum, 0x05, 0xB5, 112.8)]
    public void A_measurement_takes_the_datasheets_time_to_the_tick(ConversionTime conversionTime, byte humidity, byte control, double milliseconds)
    {
        var bench = new Bench(conversionTime: conversionTime);
        control = (byte)((control & 0xFC) | 0x01);
        if (humidity == 0x01 && control == 0x55)
        {
            control = (2 << 5) | (5 << 2) | 1; // ×2, ×16
        }

        bench.Write(0xF2, humidity, 0xF4, control);
        bench.Clock.Advance(TimeSpan.FromMilliseconds(milliseconds) - TimeSpan.FromTicks(1));
        Assert.Equal(0x08, bench.Read(0xF3));
        Assert.Equal([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], bench.Read(0xF7, 8));
        bench.Clock.Advance(TimeSpan.FromTicks(1));

        Assert.Equal(0x00, bench.Read(0xF3));
        Assert.NotEqual([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], bench.Read(0xF7, 8));
        Assert.Equal(0, bench.Read(0xF4) & 0x03); // asleep again by itself
    }

    [Fact]
    public void Humidity_oversampling_counts_from_the_next_write_of_ctrl_meas()
    {
        var bench = new Bench();
        bench.Write(0xF4, Forced);
        bench.Write(0xF2, 0x01);
        bench.Advance(20);
        Assert.Equal([0x80, 0x00], bench.Read(0xFD, 2));
        bench.Write(0xF4, Forced);
        bench.Advance(20);

        Assert.NotEqual([0x80, 0x00], bench.Read(0xFD, 2));
    }

    [Fact]
    public void Skipped_channels_read_their_reset_value()
    {
        var bench = new Bench();
        bench.Write(0xF4, 0x21); // temperature alone
        bench.Advance(20);

        Assert.Equal([0x80, 0, 0], bench.Read(0xF7, 3));
        Assert.NotEqual([0x80, 0, 0], bench.Read(0xFA, 3));
        Assert.Equal([0x80, 0], bench.Read(0xFD, 2));
    }

    [Fact]
    public void The_factory_memory_is_copied_for_two_milliseconds_after_a_reset()
    {
        var bench = new Bench();
        byte[] calibration = bench.Read(0x88, 24);
        bench.Write(0xF2, 0x05);
        bench.Write(0xE0, 0xB5);
        Assert.Equal(0x05, bench.Read(0xF2)); // another word than 0xB6 does nothing
        bench.Write(0xE0, 0xB6);

        Assert.Equal((0x01, 0x00), (bench.Read(0xF3), bench.Read(0xF2)));
        Assert.All(bench.Read(0x88, 24), value => Assert.Equal(0, value));
        bench.Advance(2);
        Assert.Equal(0x00, bench.Read(0xF3));
        Assert.Equal(calibration, bench.Read(0x88, 24));
    }

    [Fact]
    public void A_reset_in_mid_measurement_ends_it()
    {
        var bench = new Bench();
        bench.Write(0xF4, Forced);
        bench.Advance(3);
        bench.Write(0xE0, 0xB6);
        bench.Advance(20);

        Assert.Equal([0x80, 0, 0, 0x80, 0, 0, 0x80, 0], bench.Read(0xF7, 8));
    }

    [Fact]
    public void Normal_mode_measures_again_and_again_and_ignores_config()
    {
        var bench = new Bench();
        bench.Ambient.TemperatureCelsius = Stimulus.Ramp(0, 80, TimeSpan.FromSeconds(100));
        bench.Write(0xF5, 0x20, 0xF2, 0x01, 0xF4, 0x27); // 62.5 ms apart
        bench.Write(0xF5, 0x00);
        Assert.Equal(0x20, bench.Read(0xF5));
        bench.Advance(100);
        byte[] first = bench.Read(0xFA, 3);
        bench.Advance(1_000);

        Assert.NotEqual(first, bench.Read(0xFA, 3));
        Assert.Equal(0x27, bench.Read(0xF4));
    }

    [Fact]
    public void Three_transactions_may_mix_two_measurements_and_one_burst_never_does()
    {
        var bench = new Bench();
        bench.Ambient.TemperatureCelsius = Stimulus.Ramp(0, 80, TimeSpan.FromSeconds(10));
        bench.Write(0xF5, 0x00, 0xF2, 0x01, 0xF4, 0x27); // 0.5 ms apart
        bench.Advance(50);
        byte[] pressure = bench.Read(0xF7, 3);
        bench.Advance(20);
        byte[] temperature = bench.Read(0xFA, 3);
        byte[] burst = bench.Read(0xF7, 8);

        Assert.NotEqual([.. pressure, .. temperature], burst[..6]);
        Assert.Equal(temperature, burst[3..6]);
    }

    [Fact]
    public void The_filter_smooths_temperature_and_takes_its_first_sample_as_it_is()
    {
        var bench = new Bench();
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(20);
        bench.Write(0xF5, 4 << 2); // coefficient 16
        int first = MeasureTemperature(bench);
        bench.Ambient.TemperatureCelsius = Stimulus.Constant(30);
        int second = MeasureTemperature(bench);
        for (int count = 0; count < 200; count++)
        {
            MeasureTemperature(bench);
        }

        int settled = MeasureTemperature(bench);
        Assert.Equal((settled - first) / 16.0, second - first, 1.0);
    }

    [Fact]
    public void Units_differ_and_no_word_is_zero()
    {
        byte[][] units = [.. Enumerable.Range(1, 50).Select(seed => new Bench(seed).Read(0x88, 24))];
        Bme280Nvm[] words = [.. Enumerable.Range(1, 200).Select(Bme280Nvm.Draw)];

        Assert.Equal(50, units.Select(Convert.ToHexString).Distinct().Count());
        Assert.Contains(words, unit => unit.H5 < 0);
        Assert.Contains(words, unit => unit.H5 > 0);
        Assert.All(words, unit => Assert.DoesNotContain(0, (int[])[unit.T1, unit.T2, unit.T3, unit.P1, unit.P2, unit.P3, unit.P4, unit.P5, unit.P6, unit.P7, unit.P8, unit.P9, unit.H1, unit.H2, unit.H3, unit.H4, unit.H5, unit.H6]));
    }

    [Fact]
    public void An_empty_write_probes_and_a_chip_without_power_does_not_answer()
    {
        var bench = new Bench();
        bench.Device.Write([]);
        bench.Chip.IsPowered = false;

        IOException thrown = Assert.Throws<IOException>(() => bench.Device.Write([]));
        Assert.StartsWith("Error 121", thrown.Message, StringComparison.Ordinal);
    }

    private static int MeasureTemperature(Bench bench)
    {
        bench.Write(0xF4, 0x21);
        bench.Advance(20);
        byte[] raw = bench.Read(0xFA, 3);
        return (raw[0] << 12) | (raw[1] << 4) | (raw[2] >> 4);
    }
}
