using HilRig.Yaml;

namespace HilRig.Scenarios;

/// <summary>Which bench scenarios run on: read from the file of <c>--bench</c>. This version has the emulated one.</summary>
internal sealed record BenchFile
{
    /// <summary>The device the hub knows the node as.</summary>
    public string DeviceId { get; init; } = "pi-01";

    /// <summary>The node's program; null for the one built with the rig.</summary>
    public string? Program { get; init; }

    /// <summary>Configuration below <c>Node:</c> for every scenario; the scenario's own outranks it.</summary>
    public IReadOnlyDictionary<string, string> NodeSettings { get; init; } = new Dictionary<string, string>();

    /// <exception cref="RigException">The file is unusable; the text has one line for each fault, with file, line and column.</exception>
    public static BenchFile Read(string path)
    {
        var faults = new YamlFaults();
        YamlMap root = YamlFile.Read(path, faults, "a bench");
        root.Require("kind", "emulated");
        root.Word("kind", "emulated");
        string? program = root.Text("program", longest: 1000);
        string? full = program is null ? null : Path.GetFullPath(program, Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (full is not null && !File.Exists(full))
        {
            root.Fault("program", $"'{program}' does not exist; the path is relative to the bench's folder");
        }
        var bench = new BenchFile
        {
            DeviceId = root.Text("device", longest: 128) ?? "pi-01",
            Program = full,
            NodeSettings = NodeSettingsReader.Read(root.Map("node", "'node'")),
        };
        root.Finish();
        faults.ThrowIfAny();
        return bench;
    }

    /// <summary>The bench's settings with the scenario's over them.</summary>
    public IReadOnlyDictionary<string, string> Merge(IReadOnlyDictionary<string, string> scenario)
    {
        var merged = new Dictionary<string, string>(NodeSettings, StringComparer.OrdinalIgnoreCase);
        foreach ((string key, string value) in scenario)
        {
            merged[key] = value;
        }
        return merged;
    }
}
