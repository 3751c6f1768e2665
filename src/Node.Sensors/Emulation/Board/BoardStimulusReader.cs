namespace Node.Sensors.Emulation;

/// <summary>
/// Reads the world around a board: each quantity as a number, or as an object whose curves are added up. Trace files are named relative to
/// the board file and read once.
/// </summary>
internal sealed class BoardStimulusReader(BoardProblems problems, string folder)
{
    private readonly Dictionary<string, CsvTrace?> _traces = new(StringComparer.Ordinal);

    /// <returns>Exchanges the quantities of a new world, as often as one is needed.</returns>
    public Func<Ambient> Read(JsonPlace? place)
    {
        if (place is null) { return static () => new Ambient(); }

        BoardSection section = new(place, problems);
        int? room = section.Find("room") is { } found ? ReadRoom(found) : null;
        List<(AmbientQuantity Quantity, Stimulus Stimulus)> exchanges = [];
        foreach (AmbientQuantity quantity in AmbientQuantity.All)
        {
            if (section.Find(quantity.Name) is { } value && ReadStimulus(value) is { } stimulus) { exchanges.Add((quantity, stimulus)); }
        }

        section.RefuseTheRest();
        return () =>
        {
            Ambient world = room is { } seed ? GeneratedRoom.Create(seed) : new Ambient();
            foreach ((AmbientQuantity quantity, Stimulus stimulus) in exchanges) { quantity.Set(world, stimulus); }

            return world;
        };
    }

    private int ReadRoom(JsonPlace place)
    {
        BoardSection room = new(place, problems);
        int seed = room.Integer("seed", 0, int.MaxValue) ?? 1;
        room.RefuseTheRest();
        return seed;
    }

    private Stimulus? ReadStimulus(JsonPlace place)
    {
        if (place.Kind == JsonPlaceKind.Number) { return BoardValue.Number(place, problems) is { } number ? Stimulus.Constant(number) : null; }

        if (place.Kind != JsonPlaceKind.Object)
        {
            problems.Add(place, $"{place.Shown} is no course of a quantity; write a number or an object such as {{ \"sine\": {{ … }} }}.");
            return null;
        }

        BoardSection section = new(place, problems);
        Stimulus?[] curves =
        [
            section.Number("constant") is { } value ? Stimulus.Constant(value) : null,
            Curve(section, "ramp", static ramp => Stimulus.Ramp(Need(ramp, "from"), Need(ramp, "to"), Time(ramp, "over"))),
            Curve(section, "sine", static sine => Stimulus.Sine(Need(sine, "mean"), Need(sine, "amplitude"), Time(sine, "period"))),
            Curve(section, "noise", static noise => Stimulus.Noise(Need(noise, "amplitude"), Time(noise, "every"), noise.Integer("seed", 0, int.MaxValue) ?? 1)),
            Curve(section, "drift", static drift => Stimulus.Drift(drift.Number("from") ?? 0, Need(drift, "perHour"))),
            Curve(section, "step", static step => Stimulus.Step(Need(step, "from"), Need(step, "to"), step.Duration("at") ?? TimeSpan.Zero)),
            Curve(section, "trace", Trace),
        ];
        (double Minimum, double Maximum)? within = Within(section);
        section.RefuseTheRest();
        Stimulus? sum = curves.Where(static curve => curve is not null).Aggregate((Stimulus?)null, static (all, one) => all is null ? one : all.Plus(one!));
        if (sum is null) { problems.Add(place, "has no curve; give at least one of constant, ramp, sine, noise, drift, step, trace."); }

        return sum is not null && within is { } bounds ? sum.Within(bounds.Minimum, bounds.Maximum) : sum;
    }

    private Stimulus? Curve(BoardSection section, string name, Func<BoardSection, Stimulus?> read)
    {
        if (section.Find(name) is not { } place) { return null; }

        BoardSection curve = new(place, problems);
        Stimulus? stimulus = read(curve);
        curve.RefuseTheRest();
        return stimulus;
    }

    private Stimulus? Trace(BoardSection section)
    {
        string file = section.Required("file", "\"room.csv\"");
        string column = section.Required("column", "\"Temperature\"");
        double speed = section.Number("speed", 0.001, 100_000) ?? 1;
        if (file.Length == 0 || column.Length == 0 || Load(file, section.Place) is not { } trace) { return null; }

        Stimulus? found = trace.TryColumn(column, speed);
        if (found is null) { problems.Add(section.Place, $"\"{file}\" has no column \"{column}\"; {NearestName.Suggest(column, trace.Columns)}"); }

        return found;
    }

    private CsvTrace? Load(string file, JsonPlace place)
    {
        if (_traces.TryGetValue(file, out CsvTrace? known)) { return known; }

        CsvTrace? trace = null;
        try
        {
            trace = CsvTrace.Load(Path.Combine(folder, file));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or NotSupportedException)
        {
            problems.Add(place, $"the trace \"{file}\" cannot be used ({unreadable.Message}); name a CSV file relative to the board file.");
        }

        _traces.Add(file, trace);
        return trace;
    }

    private (double Minimum, double Maximum)? Within(BoardSection section)
    {
        if (section.Find("within") is not { } place) { return null; }

        BoardSection bounds = new(place, problems);
        double minimum = Need(bounds, "minimum");
        double maximum = Need(bounds, "maximum");
        bounds.RefuseTheRest();
        if (minimum <= maximum) { return (minimum, maximum); }

        problems.Add(place, "its minimum is greater than its maximum; exchange them.");
        return null;
    }

    private static double Need(BoardSection section, string name)
    {
        double? value = section.Number(name);
        if (value is null && section.Find(name) is null)
        {
            section.Problems.Add(section.Place.Line, $"{section.Place.Path}.{name}", $"is missing; add \"{name}\": a number.");
        }

        return value ?? 0;
    }

    private static TimeSpan Time(BoardSection section, string name)
    {
        TimeSpan? value = section.Duration(name, positive: true);
        if (value is null && section.Find(name) is null)
        {
            section.Problems.Add(section.Place.Line, $"{section.Place.Path}.{name}", $"is missing; add \"{name}\": \"10m\".");
        }

        return value ?? TimeSpan.FromSeconds(1);
    }
}
