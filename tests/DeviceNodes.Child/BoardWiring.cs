using Node.Sensors.Drivers;

namespace DeviceNodes.Child;

/// <summary>Where a driver finds its chip on the rig's board with one of each.</summary>
/// <param name="Connection">Bus and place.</param>
/// <param name="Options">The options that the driver cannot do without.</param>
/// <param name="IsPolled">Whether what the driver asks follows from the answers alone, and from no edge and no clock.</param>
public sealed record BoardWiring(SensorConnection Connection, IReadOnlyDictionary<string, string> Options, bool IsPolled)
{
    private static readonly Dictionary<string, string> None = []; // before its first use

    /// <summary>Every sensor of the catalog, in its order; a driver that is new to it is looked for at its chip's default place.</summary>
    public static IReadOnlyList<BoardWiring> Everything { get; } = [.. SensorCatalog.Chips.Select(static chip => Of(chip.Name))];

    /// <summary>The wiring of one sensor of the catalog.</summary>
    public static BoardWiring Of(string chip) => chip switch
    {
        "ADXL345" => new(new SensorConnection { Chip = chip, ChipSelect = 1 }, None, IsPolled: true),
        "ADXL345Vibration" => new(new SensorConnection { Chip = chip, ChipSelect = 1 }, new Dictionary<string, string> { ["Pin"] = "24", ["Rate"] = "Hz25", ["WindowLength"] = "64" }, IsPolled: false),
        "GpioInput" => new(new SensorConnection { Chip = chip }, new Dictionary<string, string> { ["Pin"] = "5" }, IsPolled: false),
        "TMP102" => new(new SensorConnection { Chip = chip, Address = 0x49 }, None, IsPolled: true),
        _ => new(new SensorConnection { Chip = chip }, None, IsPolled: true),
    };
}
