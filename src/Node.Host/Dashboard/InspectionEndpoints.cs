using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Logging;
using Node.Host.Scanning;
using Node.Host.Twin;

namespace Node.Host.Dashboard;

/// <summary>What somebody looks into when something is wrong: log lines, settings with their sources, both sides of the twin, the I2C grid.</summary>
internal static class InspectionEndpoints
{
    private const int DefaultTail = 200;

    public static void MapInspection(
        this IEndpointRouteBuilder app, LogRing logs, IConfigurationRoot configuration, NodeTwin twin, ReportedDocument reported, HubLoop? loop, GentleScan scan)
    {
        app.MapShow("/api/logs", context => LogsAsync(context, logs));
        app.MapShow("/api/config", context => Answers.JsonAsync(context, Settings(configuration)));
        app.MapShow("/api/twin", context => Answers.JsonAsync(context, Twin(twin, reported, loop)));
        app.MapPost("/api/scan", context => ScanAsync(context, scan));
    }

    /// <summary>Every setting with its value, the layer that it comes from and what it stands over. Secrets are masked.</summary>
    public static JsonArray Settings(IConfigurationRoot configuration)
    {
        LoadedConfiguration loaded = NodeOptionsReader.Read(configuration, AppContext.BaseDirectory);
        var kept = new LastGoodDesired(Path.Combine(loaded.Options.DataFolder, "desired.json"), NullLogger.Instance);
        IEnumerable<EffectiveSetting> settings = TwinLayer.Over(EffectiveSetting.All(configuration, loaded, withDefaults: true), kept.ValuesOf(""), loaded.Options);
        return new JsonArray([.. settings.Select(setting => new JsonObject
        {
            ["key"] = setting.Key,
            ["value"] = setting.Value,
            ["source"] = setting.Source,
            ["over"] = new JsonArray([.. setting.Over.Select(below => JsonValue.Create(below))]),
        })]);
    }

    /// <summary>What the hub asks, what the node reports, and what the hub is known to hold of that.</summary>
    private static JsonObject Twin(NodeTwin twin, ReportedDocument reported, HubLoop? loop)
    {
        (JsonObject wanted, JsonObject? held) = loop is null ? Both(reported) : loop.Between(() => Both(reported));
        return new JsonObject
        {
            ["desiredVersion"] = twin.DesiredVersion,
            ["acknowledgedVersion"] = twin.AcknowledgedVersion,
            ["desired"] = twin.Desired.Read(),
            ["reported"] = wanted,
            ["held"] = held,
        };
    }

    private static (JsonObject Wanted, JsonObject? Held) Both(ReportedDocument reported) => (reported.Wanted(), reported.Held());

    private static Task LogsAsync(HttpContext context, LogRing logs)
    {
        string asked = context.Request.Query["tail"].ToString();
        int tail = DefaultTail;
        if (asked.Length > 0 && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out tail) || tail is < 1 or > LogRing.MostEntries))
        {
            return Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, $"tail is not allowed; allowed is a whole number from 1 to {LogRing.MostEntries}");
        }

        if (!TryLevel(context.Request.Query["level"].ToString(), out LogLevel level))
        {
            return Answers.RefuseAsync(context, StatusCodes.Status400BadRequest, "level is not allowed; allowed is error, warning, information, debug");
        }

        IEnumerable<LogEntry> lines = new LogQuery(tail, null, null, level, null).NewestFirst(logs.Entries).Reverse();
        return Answers.JsonAsync(context, new JsonArray([.. lines.Select(line => new JsonObject
        {
            ["at"] = line.At.ToUnixTimeMilliseconds() / 1000.0, ["level"] = line.Severity, ["category"] = line.Category, ["text"] = line.Text,
        })]));
    }

    private static bool TryLevel(string name, out LogLevel level)
    {
        (level, bool known) = name switch
        {
            "error" => (LogLevel.Error, true),
            "warning" => (LogLevel.Warning, true),
            "information" => (LogLevel.Information, true),
            "debug" or "" => (LogLevel.Trace, true),
            _ => (LogLevel.None, false),
        };
        return known;
    }

    private static async Task ScanAsync(HttpContext context, GentleScan scan)
    {
        if (HostNames.IsForeign(context.Request))
        {
            await Answers.RefuseAsync(context, StatusCodes.Status403Forbidden, "a page of another origin may not let the node look at its buses");
            return;
        }

        GentleReport report = await scan.ScanAsync(context.RequestAborted);
        await Answers.JsonAsync(context, JsonSerializer.SerializeToUtf8Bytes(report, GentleJson.Default.GentleReport));
    }
}
