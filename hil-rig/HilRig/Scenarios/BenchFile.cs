using HilRig.Bench;
using HilRig.Shim;
using HilRig.Yaml;
using Node.Sensors.Emulation;

namespace HilRig.Scenarios;

/// <summary>Which bench scenarios run on: read from the file of <c>--bench</c>. This version has the emulated one.</summary>
internal sealed record BenchFile
{
    /// <summary>The device the hub knows the node as.</summary>
    public string DeviceId { get; init; } = "pi-01";

    /// <summary>The node's program; null for the one built with the rig.</summary>
    public string? Program { get; init; }

    /// <summary>Which process the chips are in.</summary>
    public BenchBus Bus { get; init; }

    /// <summary>The board file's full path, for chips in the rig; null for a board with one of each.</summary>
    public string? Board { get; init; }

    /// <summary>The device shim when <see cref="Bus"/> needs it; no file names it.</summary>
    public ShimLibrary? Shim { get; init; }

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
        BenchBus bus = root.Word("bus", "emulated", "remote", "shim") switch { "remote" => BenchBus.Remote, "shim" => BenchBus.Shim, _ => BenchBus.Emulated };
        string? board = root.Text("board", longest: 1000);
        string? boardPath = board is null ? null : Path.GetFullPath(board, Path.GetDirectoryName(Path.GetFullPath(path))!);
        CheckBoard(root, boardPath, bus);
        var bench = new BenchFile
        {
            DeviceId = root.Text("device", longest: 128) ?? "pi-01",
            Program = full,
            Bus = bus,
            Board = boardPath,
            NodeSettings = NodeSettingsReader.Read(root.Map("node", "'node'")),
        };
        root.Finish();
        faults.ThrowIfAny();
        return bench;
    }

    private static void CheckBoard(YamlMap root, string? path, BenchBus bus)
    {
        if (path is null)
        {
            return;
        }
        if (bus is BenchBus.Emulated)
        {
            root.Fault("board", "a board file needs 'bus: remote' or 'bus: shim'; a node with its own chips takes Bus:EmulatedBoard under 'node:'");
        }
        try
        {
            BoardFile.Load(path);
        }
        catch (BoardFileException wrong)
        {
            wrong.Faults.ToList().ForEach(fault => root.Fault("board", fault));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            root.Fault("board", $"{path} cannot be read ({unreadable.Message}); the path is relative to the bench's folder");
        }
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
