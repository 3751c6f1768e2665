using DeviceNodes.Child;
using Microsoft.Extensions.Time.Testing;
using Node.Sensors.Bus;
using Node.Sensors.Emulation;

namespace Node.Sensors.Tests.Emulation;

/// <summary>Whatever comes over a bus, a chip answers with bytes or an error number, never hangs or throws, and does the same for the same seed.</summary>
public sealed class RandomTransferTests
{
    private const int Transfers = 600;

    private static readonly EmulatedChipOptions[] Chips =
    [
        .. EmulatedChipCatalog.Entries.Select(static (entry, i) => new EmulatedChipOptions
        {
            Chip = entry.Name,
            Address = entry.IsOnSpi ? null : entry.Name == "TMP102" ? 0x49 : entry.Addresses[0],
            ChipSelect = entry.Name == "ADXL345" ? 1 : 0,
            InterruptPin = 4 + (2 * i),
            SecondInterruptPin = 5 + (2 * i),
        }),
        new EmulatedChipOptions { Chip = "ADXL345", Address = 0x53 },
        new EmulatedChipOptions { Chip = "SHT31", Address = 0x45, Mux = new I2cMuxChannel(0x70, 3) },
    ];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 16)];

    [Theory, MemberData(nameof(Seeds))]
    public void Random_transfers_are_answered_by_bytes_or_an_error_number_and_the_same_way_again(int seed)
    {
        string[] first = Trace(seed, out int refused);

        string[] second = Trace(seed, out _);

        Assert.Equal(Transfers, first.Length);
        Assert.InRange(refused, 1, Transfers - 1);
        Assert.Equal(first, second);
    }

    /// <summary>Every other seed meets tolerances, longest times, faults and a world that no datasheet promises.</summary>
    private static string[] Trace(int seed, out int refused)
    {
        Random random = new(seed);
        FakeTimeProvider clock = new();
        EmulatedBoardOptions options = new()
        {
            Seed = seed,
            Chips = [.. Chips.Select(chip => chip with { ConversionTime = (ConversionTime)random.Next(3), HasTolerances = random.Next(2) == 0 })],
        };
        if (seed % 2 == 0) { Disturb(options.Faults, random); }

        using EmulatedBoard board = new(options, seed % 2 == 0 ? Strange(random) : new Ambient(), clock);
        using StringWriter trace = new();
        using RecordingBusProvider buses = new(new EmulatedBusProvider(board), new BusTraceWriter(trace, "emulated", clock));
        RandomTransfers transfers = new(buses, options, wait => clock.Advance(wait), seed);

        transfers.Run(Transfers);

        refused = transfers.Refused;
        return [.. BusTrace.Parse(new StringReader(trace.ToString()), "random").Entries.Select(static entry =>
            $"{entry.Bus} {entry.Address:X2} {entry.Operation} {Convert.ToHexString(entry.Out.Span)} {Convert.ToHexString(entry.In.Span)} {entry.Errno}")];
    }

    private static void Disturb(FaultPlan faults, Random random)
    {
        foreach (BusFaultKind kind in Enum.GetValues<BusFaultKind>())
        {
            faults.Add(new BusFault
            {
                Kind = kind,
                At = TimeSpan.FromSeconds(random.NextDouble() * 100),
                Duration = TimeSpan.FromSeconds(random.NextDouble() * 10),
                Probability = 0.5,
            });
        }
    }

    private static Ambient Strange(Random random)
    {
        Stimulus Any() => Stimulus.Sine((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(9)), Math.Pow(10, random.Next(-3, 6)), TimeSpan.FromSeconds(1 + (10 * random.NextDouble())));
        Ambient ambient = new()
        {
            TemperatureCelsius = Any(),
            HumidityPercent = Any(),
            PressurePascals = Any(),
            LightLux = Any(),
            CarbonDioxidePpm = Any(),
            AccelerationXG = Any(),
            AccelerationYG = Any(),
            AccelerationZG = Any(),
            AngularRateXDegreesPerSecond = Any(),
            AngularRateYDegreesPerSecond = Any(),
            AngularRateZDegreesPerSecond = Any(),
        };
        for (int input = 0; input < ambient.InputVolts.Count; input++) { ambient.InputVolts[input] = Any(); }

        return ambient;
    }
}
