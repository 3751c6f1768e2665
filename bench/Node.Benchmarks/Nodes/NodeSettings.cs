namespace Node.Benchmarks.Nodes;

/// <summary>What the measured nodes are told.</summary>
internal static class NodeSettings
{
    private static readonly (string Name, string Chip, string Address)[] Others =
    [
        ("office", "SHT31", "0x44"), ("pipe", "TMP102", "0x48"), ("light", "BH1750", "0x23"), ("air", "SCD41", "0x62"), ("supply", "ADS1115", "0x49"), ("motion", "MPU-6050", "0x68"),
    ];

    /// <summary>Eight sensors at this interval: seven emulated chips on one bus, and the machine itself.</summary>
    public static IReadOnlyDictionary<string, string> Eight(string interval)
    {
        var settings = new Dictionary<string, string> { ["Node:Bus:Provider"] = "emulated", ["Node:Sensors:machine:Chip"] = "Machine" };
        foreach ((string name, string chip, string address) in Others)
        {
            settings[$"Node:Sensors:{name}:Chip"] = chip;
            settings[$"Node:Sensors:{name}:Address"] = address;
        }

        foreach (string name in Others.Select(other => other.Name).Append("machine").Append("climate"))
        {
            settings[$"Node:Sensors:{name}:Interval"] = interval;
        }

        return settings;
    }
}
