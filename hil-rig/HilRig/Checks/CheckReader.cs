using HilRig.Scenarios;
using HilRig.Yaml;

namespace HilRig.Checks;

/// <summary>Reads a scenario's <c>checks:</c> list: one word and its limits for each item.</summary>
internal static class CheckReader
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private static readonly Dictionary<string, Func<YamlMap, string, Check?>> Words = new(StringComparer.Ordinal)
    {
        ["connectedWithin"] = (map, word) => new ConnectedWithin(map.RequiredDuration(word, Shortest, Longest)),
        ["firstTelemetryWithin"] = (map, word) => new FirstTelemetryWithin(map.RequiredDuration(word, Shortest, Longest)),
        ["recoveredWithin"] = (map, word) => new RecoveredWithin(map.RequiredDuration(word, Shortest, Longest)),
        ["stopsWithin"] = (map, word) => new StopsWithin(map.RequiredDuration(word, Shortest, Longest)),
        ["readingsAtLeast"] = (map, word) => map.Integer(word, 1, int.MaxValue) is { } count ? new ReadingsAtLeast(count) : null,
        ["backlogAtLeast"] = (map, word) => map.Integer(word, 1, int.MaxValue) is { } count ? new BacklogAtLeast(count) : null,
        ["nothingLost"] = (map, word) => map.Word(word, "true") is null ? null : new NothingLost(),
        ["twinAcknowledged"] = (map, word) => Inner(map, word, ReadTwinAcknowledged),
        ["intervalIs"] = (map, word) => Inner(map, word, ReadIntervalIs),
        ["methodAnswers"] = (map, word) => Inner(map, word, ReadMethodAnswers),
    };

    public static IReadOnlyList<Check> ReadAll(YamlMap scenario)
    {
        scenario.Require("checks", "a list of at least one check");
        IReadOnlyList<YamlMap> items = scenario.Maps("checks", "a check", most: 100);
        if (items.Count == 0 && scenario.Has("checks"))
        {
            scenario.Fault("checks", "'checks' is empty: a scenario that checks nothing cannot fail");
        }
        return [.. items.Select(Read).OfType<Check>()];
    }

    /// <summary>Faults what fits together badly: checks that no step can satisfy, steps after the end.</summary>
    public static void Relate(Scenario scenario, YamlMap root)
    {
        foreach (Check check in scenario.Checks)
        {
            if (check.WhyUseless(scenario) is { } reason)
            {
                root.Fault(check.Place, $"'{check.Name}' can never be judged: {reason}");
            }
        }
        if (scenario.Duration > TimeSpan.Zero && scenario.Timeline.Any(step => step.At > scenario.Duration))
        {
            root.Fault("duration", $"a timeline step lies after the end ({Durations.Write(scenario.Duration)})");
        }
    }

    private static Check? Read(YamlMap map)
    {
        string[] present = [.. map.Keys.Where(Words.ContainsKey)];
        if (present.Length != 1 || map.Keys.Count() != 1)
        {
            map.Fault(map.Place, $"a check is exactly one of: {string.Join(", ", Words.Keys.Order(StringComparer.Ordinal))}");
            return null;
        }
        Check? check = Words[present[0]](map, present[0]);
        return check is null ? null : check with { Place = map.Place };
    }

    private static Check? Inner(YamlMap map, string word, Func<YamlMap, Check> read)
    {
        if (map.Map(word, $"'{word}'") is not { } inner)
        {
            return null;
        }
        Check check = read(inner);
        inner.Finish();
        return check;
    }

    private static TwinAcknowledged ReadTwinAcknowledged(YamlMap map) => new(
        map.RequiredText("path"),
        map.Json("value"),
        map.Integer("status", 200, 599) ?? 200,
        map.Duration("within", Shortest, Longest) ?? TimeSpan.FromSeconds(5));

    private static IntervalIs ReadIntervalIs(YamlMap map) => new(
        map.RequiredText("sensor"),
        map.RequiredDuration("period", Shortest, Longest),
        map.Integer("tolerance", 1, 100) ?? 20);

    private static MethodAnswers ReadMethodAnswers(YamlMap map) => new(
        map.RequiredText("method"),
        map.Integer("status", -1, int.MaxValue) ?? 200,
        map.Json("payload"));
}
