using System.Globalization;
using Node.Sensors.Bus;
using Node.Sensors.Drivers;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Every quantity of every chip over its whole range and beyond, read by its driver; ranges and steps are those of the chip's own table.</summary>
public sealed partial class ChipConformanceTests
{
    private const int Points = 61; // a prime, so that few points fall on a step
    private const double Rounding = 1.000_001;

    public static TheoryData<string, string> Quantities
    {
        get
        {
            TheoryData<string, string> all = [];
            foreach (EmulatedChipCatalog.Entry chip in EmulatedChipCatalog.Entries)
            {
                foreach (ChipQuantity quantity in chip.Quantities) { all.Add(chip.Name, quantity.Name); }
            }

            return all;
        }
    }

    [Fact]
    public void Every_chip_but_the_multiplexer_measures_all_that_its_driver_does_over_the_drivers_whole_range()
    {
        foreach (EmulatedChipCatalog.Entry chip in EmulatedChipCatalog.Entries.Where(static chip => !chip.IsMux))
        {
            SensorChip driver = DriverOf(chip.Name);
            Assert.Equal(driver.Quantities.Select(static one => one.Name).Order(), chip.Quantities.Select(static one => Driven(one.Name).Name).Order());
            Assert.All(chip.Quantities, quantity =>
            {
                (Quantity driven, double factor) = Find(driver, quantity);
                Assert.InRange(driven.Minimum, (quantity.Minimum - quantity.Step) * factor, quantity.Maximum * factor);
                Assert.InRange(driven.Maximum, quantity.Minimum * factor, (quantity.Maximum + quantity.Step) * factor);
            });
        }
    }

    [Theory, MemberData(nameof(Quantities))]
    public async Task A_quantity_is_read_to_one_step_over_its_whole_range_and_never_falsely_beyond_it(string chip, string name)
    {
        ChipQuantity quantity = EmulatedChipCatalog.Find(chip).Quantities.Single(one => one.Name == name);
        (Quantity driven, double factor) = Find(DriverOf(chip), quantity);
        (double low, double high) = (driven.Minimum / factor, driven.Maximum / factor);
        using BoardBench bench = Bench(chip);
        using ISensor sensor = bench.Open(new SensorConnection { Chip = chip });
        double worst = 0;

        for (int point = 0; point <= Points; point++)
        {
            double truth = low + ((high - low) * point / Points);
            double? read = await ReadAsync(bench, sensor, quantity, truth, driven.Name);

            // The ends may be reported as beyond the range: there the words end, or noise of half a step carries them over.
            bool isEnd = Math.Min(truth - low, high - truth) <= quantity.Step;
            Assert.True(read is not null || isEnd, string.Create(CultureInfo.InvariantCulture, $"{truth} is refused"));
            if (read is { } value) { worst = Math.Max(worst, Math.Abs((value / factor) - truth)); }
        }

        foreach (double beyond in (double[])[low - ((high - low) / 50), high + ((high - low) / 50), -AmbientQuantity.BeyondEverything, AmbientQuantity.BeyondEverything])
        {
            double? read = await ReadAsync(bench, sensor, quantity, beyond, driven.Name);

            Assert.True(read is null || Math.Abs((read.Value / factor) - Math.Clamp(beyond, low, high)) <= quantity.Step * Rounding,
                string.Create(CultureInfo.InvariantCulture, $"{beyond} is read as {read}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{chip} {name}: {Points + 1} points from {low:0.###} to {high:0.###}, worst error {worst / quantity.Step:0.00} steps of {quantity.Step:0.######}"));
        Assert.InRange(worst, 0, quantity.Step * Rounding);
        Assert.NotNull(await ReadAsync(bench, sensor, quantity, (low + high) / 2, driven.Name)); // a value beyond leaves nothing behind
    }

    /// <summary>Sets the world and reads what the driver makes of it; null when it says that the value is out of range.</summary>
    private static async Task<double?> ReadAsync(BoardBench bench, ISensor sensor, ChipQuantity quantity, double truth, string driven)
    {
        AmbientQuantity.Find(quantity.Name)!.Set(bench.Board.Ambient, Stimulus.Constant(truth));
        bench.Pass(5_000); // a measurement that had begun before is over
        try
        {
            SensorReading reading = await bench.Measure(sensor, 5);
            return reading[driven];
        }
        catch (SensorException refused) when (refused.Fault == SensorFault.OutOfRange)
        {
            return null;
        }
    }

    private static SensorChip DriverOf(string chip) => SensorCatalog.TryFind(chip, out SensorChip? driver) ? driver : throw new InvalidOperationException($"no driver for {chip}");

    private static (Quantity Quantity, double Factor) Find(SensorChip driver, ChipQuantity quantity)
    {
        (string name, double factor) = Driven(quantity.Name);
        return (driver.Quantities.Single(one => one.Name == name), factor);
    }

    /// <summary>What a driver calls a quantity of the world, and its unit in terms of the world's.</summary>
    private static (string Name, double Factor) Driven(string quantity) => quantity switch
    {
        "temperatureCelsius" => ("temperature", 1),
        "humidityPercent" => ("humidity", 1),
        "pressurePascals" => ("pressure", 0.001),
        "lightLux" => ("illuminance", 1),
        "carbonDioxidePpm" => ("carbonDioxide", 1),
        _ when quantity.StartsWith("input", StringComparison.Ordinal) => ($"voltage{quantity["input".Length]}", 1),
        _ when quantity.StartsWith("acceleration", StringComparison.Ordinal) => ($"acceleration{quantity["acceleration".Length]}", 1),
        _ => ($"angularVelocity{quantity["angularRate".Length]}", 1),
    };
}
