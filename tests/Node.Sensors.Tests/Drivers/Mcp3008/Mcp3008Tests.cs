using System.Device.Spi;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Drivers;

public sealed class Mcp3008Tests
{
    private static readonly Mcp3008Options First = new() { Inputs = [Mcp3008Input.Channel0] };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_measurement_gives_all_eight_inputs_in_order()
    {
        SpiBench bench = new(new() { Chip = "MCP3008" });
        using ISensor sensor = SensorCatalog.Open(new() { Chip = "mcp3008" }, bench.Buses, bench.Clock);

        await sensor.InitializeAsync(Cancelled);
        SensorReading reading = await sensor.MeasureAsync(Cancelled);

        Assert.Equal(Enumerable.Range(0, 8).Select(static i => $"voltage{i}"), reading.Values.Select(static value => value.Quantity.Name));
        Assert.All(Enumerable.Range(0, 8), i => Assert.InRange((0.25 * (i + 1)) - reading[$"voltage{i}"], 0, 3.3 / 1024));
    }

    [Theory, InlineData(512, 3.3, 1.65), InlineData(768, 3.3, 2.475), InlineData(1, 5.0, 0.0048828125), InlineData(1023, 2.5, 2.49755859375)]
    public async Task A_code_means_the_datasheets_voltage(int code, double reference, double volts)
    {
        using ScriptedSpi device = new(_ => Frame(code));
        using Mcp3008 sensor = new(device, First with { ReferenceVolts = reference });

        Assert.Equal(volts, (await sensor.MeasureAsync(Cancelled))["voltage0"], 12);
    }

    [Fact]
    public async Task Each_input_sends_its_selection_bits()
    {
        using ScriptedSpi device = new(static sent => Frame(0)[..sent.Length]);
        using Mcp3008 sensor = new(device, new() { Inputs = Enum.GetValues<Mcp3008Input>(), CheckRepetition = false });

        await sensor.MeasureAsync(Cancelled);

        Assert.Equal(Enumerable.Range(0, 16).Select(static code => new byte[] { 0x01, (byte)(code << 4), 0 }), device.Sent);
        Assert.Equal(
            ["voltage0Minus1", "voltage1Minus0", "voltage2Minus3", "voltage3Minus2", "voltage4Minus5", "voltage5Minus4", "voltage6Minus7", "voltage7Minus6"],
            sensor.Quantities.Take(8).Select(static quantity => quantity.Name));
    }

    [Fact]
    public void Every_code_passes_its_repetition_and_every_flipped_bit_of_the_answer_is_found()
    {
        for (int code = 0; code < 1024; code++)
        {
            byte[] frame = Frame(code);
            Assert.Equal(new Mcp3008Frame(code, IsDriven: true, IsConsistent: true, IsSilent: code < 2), Mcp3008Frame.Decode(frame));
            for (int bit = 13; bit < 40; bit++)
            {
                byte[] disturbed = [.. frame];
                disturbed[bit / 8] ^= (byte)(0x80 >> (bit % 8));
                Mcp3008Frame decoded = Mcp3008Frame.Decode(disturbed);

                // B0 is sent only once, as the turning point: a flip there is the one that nothing shows.
                Assert.Equal(bit == 23, decoded is { IsDriven: true, IsConsistent: true });
            }
        }
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Over_the_whole_range_a_round_trip_is_exact_to_one_step_of_the_converter(int seed)
    {
        Random random = new(seed);
        SpiBench bench = new(new() { Chip = "MCP3008" }, seed);
        using Mcp3008 sensor = Mcp3008.Open(bench.Buses, new() { Chip = "MCP3008" }, First);
        for (int point = 0; point < 2_500; point++)
        {
            double volts = 3.3 * random.NextDouble();
            bench.Ambient.InputVolts[0] = Stimulus.Constant(volts);

            SensorReading reading = await sensor.MeasureAsync(Cancelled);

            Assert.InRange(volts - reading["voltage0"], -1e-9, 3.3 / 1024);
        }
    }

    [Fact]
    public async Task Samples_are_averaged()
    {
        int[] codes = [100, 101, 103, 100];
        int next = 0;
        using ScriptedSpi device = new(_ => Frame(codes[next++]));
        using Mcp3008 sensor = new(device, First with { Samples = 4, ReferenceVolts = 1.024 });

        Assert.Equal(0.101, (await sensor.MeasureAsync(Cancelled))["voltage0"], 12);
    }

    [Fact]
    public async Task An_absent_chip_is_reported_with_its_place_and_read_again_when_it_is_back()
    {
        SpiBench bench = new(new() { Chip = "MCP3008" });
        using Mcp3008 sensor = Mcp3008.Open(bench.Buses, new() { Chip = "MCP3008" }, First);
        bench.Chip.IsPowered = false;

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => sensor.InitializeAsync(Cancelled));
        bench.Chip.BrownOut();

        Assert.Equal(SensorFault.NoAcknowledge, thrown.Fault);
        Assert.True(thrown.RetryMayHelp);
        Assert.StartsWith("SPI bus 0 chip select 0: ", thrown.Message, StringComparison.Ordinal);
        Assert.InRange((await sensor.MeasureAsync(Cancelled))["voltage0"], 0.2467, 0.25);
    }

    [Theory, InlineData(0), InlineData(1)]
    public async Task A_moments_disturbance_costs_one_repetition(int seed)
    {
        int call = 0;
        byte[] disturbed = Frame(300);
        disturbed[seed == 0 ? 1 : 3] ^= 0x04;
        using ScriptedSpi device = new(_ => call++ == 0 ? disturbed : Frame(300));
        using Mcp3008 sensor = new(device, First with { ReferenceVolts = 1.024 });

        Assert.Equal(0.3, (await sensor.MeasureAsync(Cancelled))["voltage0"], 12);
        Assert.Equal(2, device.Sent.Count);
    }

    [Fact]
    public async Task A_result_that_never_matches_its_repetition_is_refused_after_the_last_attempt()
    {
        byte[] disturbed = Frame(300);
        disturbed[4] ^= 0x80;
        using ScriptedSpi device = new(_ => disturbed);
        using Mcp3008 sensor = new(device, First);

        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => sensor.MeasureAsync(Cancelled).AsTask());

        Assert.Equal(SensorFault.ChecksumMismatch, thrown.Fault);
        Assert.Equal(3, device.Sent.Count);
    }

    [Theory, InlineData(0x00), InlineData(0xFF)]
    public async Task A_chip_that_ends_with_its_result_is_believed_when_it_says_the_same_every_time(byte rest)
    {
        int call = 0;
        using ScriptedSpi steady = new(_ => [.. Frame(300)[..3], rest, rest]);
        using ScriptedSpi unsteady = new(_ => [.. Frame(300 + call++)[..3], rest, rest]);
        using Mcp3008 believed = new(steady, First with { ReferenceVolts = 1.024 });
        using Mcp3008 refused = new(unsteady, First);

        Assert.Equal(0.3, (await believed.MeasureAsync(Cancelled))["voltage0"], 12);
        Assert.Equal(SensorFault.ChecksumMismatch, (await Assert.ThrowsAsync<SensorException>(() => refused.MeasureAsync(Cancelled).AsTask())).Fault);
        Assert.Equal(3, steady.Sent.Count);
    }

    [Fact]
    public async Task A_line_stuck_low_is_found_by_an_input_of_known_voltage()
    {
        SpiBench bench = new(new() { Chip = "MCP3008" });
        bench.Ambient.InputVolts[7] = Stimulus.Constant(1.2);
        Mcp3008KnownInput known = new(Mcp3008Input.Channel7, Volts: 1.2, ToleranceVolts: 0.05);
        using Mcp3008 sensor = Mcp3008.Open(bench.Buses, new() { Chip = "MCP3008" }, First with { KnownInput = known });
        await sensor.InitializeAsync(Cancelled);

        bench.Bus.MisoStuck = false;
        SensorException thrown = await Assert.ThrowsAsync<SensorException>(() => sensor.MeasureAsync(Cancelled).AsTask());

        Assert.Equal(SensorFault.OutOfRange, thrown.Fault);
        Assert.Contains("voltage7", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Opening_asks_for_the_chips_mode_and_clock()
    {
        SpiBench bench = new(new() { Chip = "MCP3008", ChipSelect = 1 });
        RecordingBuses buses = new(bench.Buses);

        Mcp3008.Open(buses, new() { Chip = "MCP3008", SpiBusId = 3, ChipSelect = 1 }, new() { ClockHertz = 123_456 }).Dispose();

        Assert.Equal((3, 1, SpiMode.Mode0, 123_456, 8),
            (buses.Last!.BusId, buses.Last.ChipSelectLine, buses.Last.Mode, buses.Last.ClockFrequency, buses.Last.DataBitLength));
    }

    [Fact]
    public async Task Cancellation_ends_a_measurement_before_it_begins()
    {
        using ScriptedSpi device = new(_ => Frame(1));
        using Mcp3008 sensor = new(device, First);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sensor.MeasureAsync(new CancellationToken(true)).AsTask());
        Assert.Empty(device.Sent);
    }

    [Fact]
    public void Options_outside_their_range_are_refused()
    {
        using ScriptedSpi device = new(_ => Frame(1));

        Assert.All(
            new Mcp3008Options[]
            {
                new() { Inputs = [] }, new() { Inputs = [Mcp3008Input.Channel0, Mcp3008Input.Channel0] }, new() { Inputs = [(Mcp3008Input)16] },
                new() { ReferenceVolts = 0.24 }, new() { ReferenceVolts = 5.6 }, new() { ReferenceVolts = double.NaN },
                new() { ClockHertz = 9_999 }, new() { ClockHertz = 3_600_001 }, new() { Samples = 0 }, new() { Samples = 257 },
                new() { TransferAttempts = 0 }, new() { TransferAttempts = 11 },
                new() { KnownInput = new(Mcp3008Input.Channel0, 0, 0) }, new() { KnownInput = new(Mcp3008Input.Channel0, 3.4, 0) },
                new() { KnownInput = new(Mcp3008Input.Channel0, 1, 1) },
            },
            options => Assert.Throws<ArgumentOutOfRangeException>(() => new Mcp3008(device, options)));
    }

    /// <summary>What the datasheet's figures 6-1 and 5-2 show for a result.</summary>
    private static byte[] Frame(int code)
    {
        string forward = Convert.ToString(code, 2).PadLeft(10, '0');
        string bits = new string('1', 13) + "0" + forward + new string([.. forward[..9].Reverse()]);
        bits = bits.PadRight(40, '0');
        return [.. Enumerable.Range(0, 5).Select(i => Convert.ToByte(bits.Substring(i * 8, 8), 2))];
    }
}
