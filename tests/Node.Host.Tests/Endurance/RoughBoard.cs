using Node.Sensors.Emulation;

namespace Node.Host.Tests.Endurance;

/// <summary>
/// A board with every chip that can be emulated, on which something goes wrong every few minutes: every kind of fault, on single chips, on
/// multiplexers and on whole buses. The sensor <c>steady</c> has a bus of its own, which stays well.
/// </summary>
internal sealed class RoughBoard : IDisposable
{
    /// <summary>Where the sensor <c>engine</c> tells that its buffer fills.</summary>
    public const int EnginePin = 6;

    private static readonly (string Name, EmulatedChipOptions Options)[] Soldered =
    [
        ("climate", new() { Chip = "BME280", Address = 0x76 }),
        ("cellar", new() { Chip = "BME280", Address = 0x77 }),
        ("air", new() { Chip = "SCD41" }),
        ("light", new() { Chip = "BH1750" }),
        ("damp", new() { Chip = "SHT31" }),
        ("volts", new() { Chip = "ADS1115" }),
        ("cold", new() { Chip = "TMP102", Address = 0x49 }),
        ("motion", new() { Chip = "MPU-6050", InterruptPin = 5 }),
        ("mux", new() { Chip = "TCA9548A", Address = 0x70, BusId = 3 }),
        ("attic", new() { Chip = "BME280", Address = 0x76, BusId = 3, Mux = new(0x70, 2) }),
        ("shed", new() { Chip = "TMP102", Address = 0x48, BusId = 3, Mux = new(0x70, 6) }),
        ("tilt", new() { Chip = "ADXL345", ChipSelect = 0 }),
        ("engine", new() { Chip = "ADXL345", ChipSelect = 1, InterruptPin = EnginePin }),
        ("levels", new() { Chip = "MCP3008", SpiBusId = 1 }),
        ("steady", new() { Chip = "BME280", Address = 0x76, BusId = 5 }),
    ];

    private static readonly BusFaultKind[] Kinds = Enum.GetValues<BusFaultKind>();

    private readonly Random _chance;
    private readonly Dictionary<string, TimeSpan> _wellSince = [];
    private readonly List<BusFault> _faults = [];
    private TimeSpan _nextAt = TimeSpan.FromMinutes(2);

    public RoughBoard(int seed, TimeProvider time)
    {
        _chance = new Random(seed);
        Board = new EmulatedBoard(
            new EmulatedBoardOptions
            {
                Chips = [.. Soldered.Select(each => each.Options with { Name = each.Name })],
                Seed = seed,
                Faults = new FaultPlan(seed),
            },
            GeneratedRoom.Create(seed), time);
    }

    public EmulatedBoard Board { get; }

    /// <summary>Faults so far, by kind.</summary>
    public Dictionary<BusFaultKind, int> Suffered { get; } = [];

    /// <summary>How long a sensor's chip and its way to it have been well; nothing while they are not.</summary>
    public TimeSpan? WellFor(string sensor)
    {
        TimeSpan now = Board.Elapsed;
        TimeSpan since = _wellSince.GetValueOrDefault(sensor);
        return since <= now ? now - since : null;
    }

    /// <summary>Begins what is due and takes away what is over.</summary>
    public void Advance()
    {
        TimeSpan now = Board.Elapsed;
        foreach (BusFault over in _faults.Where(fault => fault.End < now).ToArray())
        {
            _faults.Remove(over);
            Board.Faults.Remove(over);
        }

        if (now >= _nextAt)
        {
            Begin(now);
            _nextAt = now + TimeSpan.FromSeconds(_chance.Next(30, 400));
        }
    }

    public void Dispose() => Board.Dispose();

    private void Begin(TimeSpan now)
    {
        (string name, EmulatedChipOptions chip) = Soldered[_chance.Next(Soldered.Length - 1)]; // Not the last.
        bool isOnSpi = IsOnSpi(chip);
        bool isWholeBus = _chance.Next(5) == 0;
        var fault = new BusFault
        {
            Kind = Kinds[_chance.Next(Kinds.Length)],
            At = now,
            Duration = TimeSpan.FromSeconds(_chance.Next(1, 300)),
            Chip = isWholeBus ? null : name,
            I2cBus = isWholeBus && !isOnSpi ? chip.BusId : null,
            SpiBus = isWholeBus && isOnSpi ? chip.SpiBusId : null,
            Probability = _chance.Next(2) == 0 ? null : 0.3,
            EndsWithPulses = _chance.Next(2) == 0,
            ByteIndex = _chance.Next(3),
            Factor = _chance.Next(2, 40),
            IsHigh = _chance.Next(2) == 0,
        };
        Board.Faults.Add(fault);
        _faults.Add(fault);
        Suffered[fault.Kind] = Suffered.GetValueOrDefault(fault.Kind) + 1;
        foreach ((string Name, EmulatedChipOptions Options) concerned in Soldered.Where(each => Concerns(fault, each.Name, each.Options)))
        {
            _wellSince[concerned.Name] = fault.End > _wellSince.GetValueOrDefault(concerned.Name) ? fault.End : _wellSince[concerned.Name];
        }
    }

    private static bool IsOnSpi(EmulatedChipOptions chip) => chip.Chip is "ADXL345" or "MCP3008";

    private static bool Concerns(BusFault fault, string name, EmulatedChipOptions chip)
    {
        if (fault.Chip is null)
        {
            return IsOnSpi(chip) ? chip.SpiBusId == fault.SpiBus : chip.BusId == fault.I2cBus;
        }

        int busOfChip = Soldered.First(each => each.Name == fault.Chip).Options.BusId;
        return fault.Chip == name || (fault.Chip == "mux" && chip.Mux is not null)
            || (fault.Kind == BusFaultKind.StuckBus && !IsOnSpi(chip) && chip.BusId == busOfChip); // Who holds the data line stops the bus.
    }
}
