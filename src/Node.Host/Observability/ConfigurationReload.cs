using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;

namespace Node.Host.Observability;

/// <summary>
/// Reads the configuration's files again. Log levels follow at once; what else has changed is named, with what puts it in force: a restart,
/// or the twin, whose settings change while the node runs. A file with faults changes nothing.
/// </summary>
internal sealed class ConfigurationReload(IConfiguration running, Func<LoadedConfiguration> read)
{
    private const int MostNamed = 5;


    private readonly Dictionary<string, string?> _inForce = Values(running);

    /// <summary>Reloads; the outcome is one sentence for people, without secrets.</summary>
    public string Reload()
    {
        IReadOnlyList<string> faults = read().Faults;
        if (faults.Count > 0)
        {
            return $"nothing is changed, for the configuration has {Counted.Of(faults.Count, "fault")}, the first: {faults[0]}";
        }

        (running as IConfigurationRoot)?.Reload();
        Dictionary<string, string?> now = Values(running);
        List<string> changed = [.. now.Keys.Union(_inForce.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => now.GetValueOrDefault(key) != _inForce.GetValueOrDefault(key)).Order(StringComparer.OrdinalIgnoreCase)];
        return changed.Count == 0
            ? "log levels are read again; nothing else has changed"
            : $"log levels are read again; a restart puts in force: {string.Join(", ", changed.Take(MostNamed))}{(changed.Count > MostNamed ? $" and {changed.Count - MostNamed} more" : "")}";
    }

    private static Dictionary<string, string?> Values(IConfiguration configuration) => configuration.GetSection("Node").AsEnumerable()
        .Where(pair => pair.Value is not null).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
}
