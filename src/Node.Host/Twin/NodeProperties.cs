using System.Text.Json;
using Microsoft.Extensions.Logging;
using Node.Host.Cadence;
using Node.Host.Configuration;
using Node.Host.Logging;

namespace Node.Host.Twin;

/// <summary>What the cloud may change of the node itself: <c>doWorkInterval</c>, <c>logLevel</c>, <c>spool</c>. They stand at the root of the twin.</summary>
internal static class NodeProperties
{
    /// <summary>The word for the levels that the configuration gives.</summary>
    public const string ConfiguredLevel = "configured";

    /// <summary>Every level that the node can be told, as it is written.</summary>
    public static readonly IReadOnlyList<string> Levels =
        [.. Enumerable.Range((int)LogLevel.Trace, (int)LogLevel.None).Select(level => NameOf((LogLevel)level)), ConfiguredLevel];

    public static IReadOnlyList<WritableProperty> All(NodeOptions options, WorkCadence cadence, LogLevelSwitch level, Spool.Spool spool) =>
    [
        PropertyTypes.Period("doWorkInterval", options.DoWorkInterval, WorkCadence.ShortestInterval, WorkCadence.LongestInterval,
            () => cadence.IdleInterval, interval => cadence.IdleInterval = interval),
        Level(level),
        SpoolProperty.Create(options.Spool, spool),
    ];

    /// <summary>Level of the node's own log lines; the method <c>setLogLevel</c> changes it too.</summary>
    private static WritableProperty Level(LogLevelSwitch level) => new("logLevel", () => level.Level is { } set ? NameOf(set) : ConfiguredLevel, value =>
    {
        string? text = value is null ? ConfiguredLevel : value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
        int found = Levels.ToList().FindIndex(name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        return found < 0
            ? Proposal.Refuse($"logLevel {PropertyTypes.Quote(value)} is not allowed; allowed is one of {string.Join(", ", Levels)}")
            : Proposal.Accept(Levels[found], () => level.Set(Levels[found] == ConfiguredLevel ? null : (LogLevel)found));
    })
    {
        ChangesByItself = true,
    };

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Trace => "trace",
        LogLevel.Debug => "debug",
        LogLevel.Information => "information",
        LogLevel.Warning => "warning",
        LogLevel.Error => "error",
        _ => "critical",
    };
}
