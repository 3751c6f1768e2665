using System.Globalization;
using System.Text.RegularExpressions;

namespace Node.Sensors.Filters;

/// <summary>Reads the steps of a chain in their order.</summary>
internal static partial class FilterChainReader
{
    /// <summary>How deep one <c>or</c> may stand in another.</summary>
    private const int DeepestOr = 2;

    public static FilterChainSettings Read(SettingNode chain, ICollection<string> faults) => new(ReadSteps(chain, faults, level: 0));

    /// <summary>Reads the steps of a chain, or the alternatives of an <c>or</c>.</summary>
    public static IReadOnlyList<FilterStep> ReadSteps(SettingNode chain, ICollection<string> faults, int level)
    {
        if (chain.Text is { } text)
        {
            faults.Add($"{chain.Path}: '{text}' is not allowed; allowed is a map of steps such as {{\"10_offset\": -0.5}}");
            return [];
        }

        if (chain.Children.Count > FilterChainSettings.MostSteps || level > DeepestOr)
        {
            faults.Add($"{chain.Path}: too many; allowed are {FilterChainSettings.MostSteps} steps, and 'or' in 'or' {DeepestOr} deep");
            return [];
        }

        List<(int Order, FilterStep Step)> steps = [];
        foreach ((string key, SettingNode node) in chain.Children)
        {
            if (TryReadKey(key, node, out int order, out string kind, out SettingNode body))
            {
                if (ReadStep(key, kind, body, faults, level) is { } step) { steps.Add((order, step)); }
            }
            else
            {
                faults.Add($"{node.Path}: '{key}' is no step; allowed is a number from 0 to 9999, '_' and a filter: {string.Join(", ", FilterChainSettings.Kinds)}");
            }
        }

        return [.. steps.OrderBy(static one => one.Order).ThenBy(static one => one.Step.Key, StringComparer.Ordinal).Select(static one => one.Step)];
    }

    private static FilterStep? ReadStep(string key, string kind, SettingNode body, ICollection<string> faults, int level)
    {
        StepReader reader = new(kind, body, faults, level);
        Func<TimeSpan, Filter> start = FilterKinds.Read(kind, reader);
        return reader.Finish() ? new FilterStep(key, kind, reader.Canonical, start) : null;
    }

    /// <summary>A step's key says order and kind. In a list, as ESPHome has it, the key is the index and the only member's name is the kind.</summary>
    private static bool TryReadKey(string key, SettingNode node, out int order, out string kind, out SettingNode body)
    {
        (order, kind, body) = (0, "", node);
        Match match = Key().Match(key);
        if (!match.Success) { return false; }

        order = int.Parse(match.Groups["order"].ValueSpan, CultureInfo.InvariantCulture);
        kind = match.Groups["kind"].Value.ToLowerInvariant();
        if (kind.Length == 0 && node.Children.Count == 1)
        {
            (string only, body) = node.Children.Single();
            kind = only.ToLowerInvariant();
        }

        return FilterKinds.Names.Contains(kind);
    }

    [GeneratedRegex("^(?<order>[0-9]{1,4})(_(?<kind>[A-Za-z_]+))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
