using System.Collections.Frozen;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Every fault on every chip that can have it: the driver names the right cause or gives the true value, and heals when the fault ends.</summary>
public sealed class FaultMatrixTests
{
    private const int FaultSeconds = 120;

    /// <summary>Where no protocol carries anything that would show the fault: docs/board-file.md, "can a driver tell?".</summary>
    private static readonly FrozenSet<BusFaultKind> Invisible = [BusFaultKind.StaleValue, BusFaultKind.Drift, BusFaultKind.Saturation];

    private static readonly FrozenDictionary<BusFaultKind, SensorFault[]> Causes = new Dictionary<BusFaultKind, SensorFault[]>
    {
        [BusFaultKind.NoAcknowledge] = [SensorFault.NoAcknowledge],
        [BusFaultKind.NoAcknowledgeAtByte] = [SensorFault.NoAcknowledge],
        [BusFaultKind.ClockStretch] = [SensorFault.Timeout],
        [BusFaultKind.Timeout] = [SensorFault.Timeout],
        [BusFaultKind.Error] = [SensorFault.BusFailure],
        [BusFaultKind.ChecksumErrors] = [SensorFault.ChecksumMismatch],
        [BusFaultKind.StuckBus] = [SensorFault.Timeout],
        [BusFaultKind.SlowConversion] = [SensorFault.NotReady],
        [BusFaultKind.Saturation] = [SensorFault.OutOfRange],
        [BusFaultKind.Drift] = [SensorFault.OutOfRange],
    }.ToFrozenDictionary();

    public static TheoryData<string, BusFaultKind> Matrix
    {
        get
        {
            TheoryData<string, BusFaultKind> all = [];
            foreach (EmulatedChipCatalog.Entry chip in EmulatedChipCatalog.Entries.Where(static chip => !chip.IsMux))
            {
                foreach (BusFaultKind kind in Enum.GetValues<BusFaultKind>().Where(kind => IsPossible(chip, kind))) { all.Add(chip.Name, kind); }
            }

            return all;
        }
    }

    [Fact]
    public void The_matrix_leaves_out_only_what_a_board_file_refuses()
    {
        int cells = EmulatedChipCatalog.Entries.Count(static chip => !chip.IsMux) * Enum.GetValues<BusFaultKind>().Length;

        // SPI has no acknowledge, no stretching and no line to be stuck (2 chips x 4), 7 chips have no checksums, 6 no id, the MCP3008 no conversion time.
        Assert.Equal(cells - 8 - 7 - 6 - 1, Matrix.Count);
    }

    [Theory, MemberData(nameof(Matrix))]
    public async Task A_driver_names_the_cause_never_tells_a_false_value_and_heals(string chip, BusFaultKind kind)
    {
        using BoardBench bench = new($$"""{"chip":"{{chip}}"}""");
        using ISensor sensor = bench.Open(new SensorConnection { Chip = chip });
        SensorReading truth = await bench.Measure(sensor, 5);
        bench.Board.Faults.Add(Fault(bench, kind));

        for (int round = 0; round < 2; round++)
        {
            (SensorReading? reading, SensorException? failure) = await Try(bench, sensor);

            if (failure is not null) { AssertCause(chip, kind, failure); }
            else { AssertTrue(chip, kind, truth, reading!); }
        }

        bench.Pass(FaultSeconds * 1_000);
        await AssertHealed(bench, sensor, truth);
    }

    [Theory, MemberData(nameof(Matrix))]
    public async Task A_driver_that_starts_during_the_fault_names_it_too_and_heals(string chip, BusFaultKind kind)
    {
        using BoardBench healthy = new($$"""{"chip":"{{chip}}"}""");
        using ISensor other = healthy.Open(new SensorConnection { Chip = chip });
        SensorReading truth = await healthy.Measure(other, 5);
        using BoardBench bench = new($$"""{"chip":"{{chip}}"}""");
        bench.Board.Faults.Add(Fault(bench, kind));
        using ISensor sensor = bench.Open(new SensorConnection { Chip = chip });

        (SensorReading? reading, SensorException? failure) = await Try(bench, sensor);

        if (kind == BusFaultKind.WrongId) { Assert.Equal(SensorFault.WrongId, failure?.Fault); }
        else if (failure is not null) { AssertCause(chip, kind, failure); }
        else { AssertTrue(chip, kind, truth, reading!); }

        bench.Pass(FaultSeconds * 1_000);
        await AssertHealed(bench, sensor, truth);
    }

    private static bool IsPossible(EmulatedChipCatalog.Entry chip, BusFaultKind kind) => kind switch
    {
        BusFaultKind.NoAcknowledge or BusFaultKind.NoAcknowledgeAtByte or BusFaultKind.ClockStretch or BusFaultKind.StuckBus => !chip.IsOnSpi,
        BusFaultKind.ChecksumErrors => chip.HasChecksums,
        BusFaultKind.WrongId => chip.HasId,
        BusFaultKind.SlowConversion => chip.Name != "MCP3008",
        _ => true,
    };

    private static BusFault Fault(BoardBench bench, BusFaultKind kind) => new()
    {
        Kind = kind,
        Chip = kind == BusFaultKind.StuckBus ? null : bench.Board.Chips.Keys.Single(),
        I2cBus = kind == BusFaultKind.StuckBus ? 1 : null,
        At = bench.Board.Elapsed,
        Duration = kind == BusFaultKind.BrownOut ? null : TimeSpan.FromSeconds(FaultSeconds),
        Probability = kind == BusFaultKind.BitFlips ? 0.02 : null,
        PerHour = 1,
        Factor = 30,
    };

    private static async Task<(SensorReading? Reading, SensorException? Failure)> Try(BoardBench bench, ISensor sensor)
    {
        try
        {
            return (await bench.Measure(sensor, 5), null);
        }
        catch (SensorException failure)
        {
            return (null, failure);
        }
    }

    private static void AssertCause(string chip, BusFaultKind kind, SensorException failure)
    {
        bool onSpi = EmulatedChipCatalog.Find(chip).IsOnSpi;
        SensorFault[] allowed = kind switch
        {
            BusFaultKind.BitFlips => Enum.GetValues<SensorFault>().Except([SensorFault.BusUnavailable, SensorFault.ArbitrationLost]).ToArray(),
            BusFaultKind.BrownOut => [SensorFault.NoAcknowledge, SensorFault.NotReady],
            BusFaultKind.Unplug when onSpi => [SensorFault.NoAcknowledge, SensorFault.WrongId, SensorFault.ChecksumMismatch],
            BusFaultKind.Unplug => [SensorFault.NoAcknowledge],
            BusFaultKind.WrongId => [SensorFault.WrongId],
            _ => Causes.GetValueOrDefault(kind, []),
        };
        Assert.True(allowed.Contains(failure.Fault), $"{chip} {kind}: {failure.Fault}: {failure.Message}");
    }

    private static void AssertTrue(string chip, BusFaultKind kind, SensorReading truth, SensorReading reading)
    {
        bool hidden = Invisible.Contains(kind) || (kind == BusFaultKind.BitFlips && !EmulatedChipCatalog.Find(chip).HasChecksums)
            || (chip == "BH1750" && kind == BusFaultKind.SlowConversion); // no ready flag, and 0 may be darkness
        if (!hidden) { Assert.True(IsSame(truth, reading), $"{chip} {kind}: a false value was told: {Show(reading)} instead of {Show(truth)}"); }
    }

    private static async Task AssertHealed(BoardBench bench, ISensor sensor, SensorReading truth)
    {
        const int MostTries = 3;
        for (int attempt = 1; ; attempt++)
        {
            (SensorReading? reading, SensorException? failure) = await Try(bench, sensor);
            if (reading is not null && IsSame(truth, reading)) { return; }

            Assert.True(attempt < MostTries, $"not healed: {failure?.Message ?? Show(reading!)} instead of {Show(truth)}");
        }
    }

    private static bool IsSame(SensorReading one, SensorReading other) => one.Values.Zip(other.Values)
        .All(static pair => Math.Abs(pair.First.Value - pair.Second.Value) <= 0.002 * (pair.First.Quantity.Maximum - pair.First.Quantity.Minimum));

    private static string Show(SensorReading reading) => string.Join(", ", reading.Values.Select(static value => $"{value.Quantity.Name} {value.Value:0.###}"));
}
