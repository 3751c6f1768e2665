namespace Node.Sensors.Emulation;

/// <summary>
/// A board described by a JSON file: chips and their places, the world around them, and what goes wrong when. The same file makes the same
/// board in every process. The format is told in <c>docs/board-file.md</c>.
/// </summary>
public sealed class BoardFile
{
    /// <summary>The largest file that is read, in bytes.</summary>
    public const int MaximumBytes = 4 << 20;

    /// <summary>The format that this program reads.</summary>
    public const int Version = 1;

    /// <summary>The most chips on one board.</summary>
    public const int MaximumChips = 1_000;

    private readonly Func<Ambient> _world;

    private BoardFile(string name, EmulatedBoardOptions options, Func<Ambient> world)
    {
        Name = name;
        Options = options;
        _world = world;
    }

    /// <summary>The file's name, as it was given.</summary>
    public string Name { get; }

    /// <summary>What the file says of chips and faults.</summary>
    public EmulatedBoardOptions Options { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="BoardFileException">The content is no board. Each fault names line, field and remedy.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read by this user.</exception>
    public static BoardFile Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = File.OpenRead(path);
        if (file.Length > MaximumBytes) { throw new BoardFileException([$"{path}: holds {file.Length:N0} bytes; at most {MaximumBytes:N0} are allowed."]); }

        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Parse(bytes, path, Path.GetDirectoryName(Path.GetFullPath(path)) ?? ".");
    }

    /// <summary>Reads a board from JSON in UTF-8.</summary>
    /// <param name="json">The text.</param>
    /// <param name="name">Stands for the file in error texts.</param>
    /// <param name="folder">What names of trace files are relative to.</param>
    /// <exception cref="BoardFileException">The content is no board. Each fault names line, field and remedy.</exception>
    public static BoardFile Parse(ReadOnlySpan<byte> json, string name, string folder = ".")
    {
        BoardProblems problems = new(name);
        JsonPlace? root = JsonPlaceReader.Read(json, problems);
        problems.ThrowIfAny();
        BoardFile board = Read(new BoardSection(root!, problems), name, folder);
        problems.ThrowIfAny();
        return board;
    }

    /// <summary>Switches a board on, in a world of its own and with its own copy of the fault plan: its time begins now.</summary>
    public EmulatedBoard CreateBoard(TimeProvider time) => new(Options with { Faults = new FaultPlan(Options.Faults.Faults, Options.Faults.Seed) }, _world(), time);

    private static BoardFile Read(BoardSection section, string name, string folder)
    {
        BoardProblems problems = section.Problems;
        if (section.Integer("version", Version, Version) is null && section.Place.Kind == JsonPlaceKind.Object && section.Find("version") is null)
        {
            problems.Add(section.Place.Line, "$.version", $"is missing; add \"version\": {Version}.");
        }

        section.Find("description");
        int seed = section.Integer("seed", 0, int.MaxValue) ?? 1;
        BoardChipReader chips = new(problems);
        IReadOnlyList<EmulatedChipOptions> wired = chips.Read(section.Items("chips", MaximumChips));
        if (section.Place.Kind == JsonPlaceKind.Object && section.Find("chips") is null) { problems.Add(section.Place.Line, "$.chips", "is missing; add \"chips\": [ … ]."); }

        Func<Ambient> world = new BoardStimulusReader(problems, folder).Read(section.Find("surroundings"));
        BusFault[] faults = [.. new BoardFaultReader(problems, chips.Kinds).Read(section.Items("faults", FaultPlan.MaximumFaults))];
        section.RefuseTheRest();
        return new BoardFile(name, new EmulatedBoardOptions { Seed = seed, Chips = wired, Faults = new FaultPlan(faults, seed) }, world);
    }
}
