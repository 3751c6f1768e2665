using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Host.Diagnostics;
using Node.Host.Logging;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary><c>getLogs</c> with the filters of edge agents (tail, since, until, loglevel, regex), and <c>setLogLevel</c>.</summary>
internal sealed class LogMethods(LogRing logs, LogLevelSwitch level, TimeProvider time) : IMethodGroup
{
    private const int LongestAnswer = 120 * 1024; // of the hub's 128 KB
    private const int LongestPattern = 500;

    private static readonly (string Name, LogLevel Level)[] Levels =
    [
        ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information), ("warning", LogLevel.Warning), ("error", LogLevel.Error),
        ("critical", LogLevel.Critical),
    ];

    public IEnumerable<string> Names => ["getLogs", "setLogLevel"];

    public Method? Find(string component, string command) => (component, command) switch
    {
        ("", "getLogs") => new Method(call => Task.Run(() => Get(call), call.Stop)),
        ("", "setLogLevel") => Method.AtOnce(SetLevel),
        _ => null,
    };

    private MethodResponse Get(Call call)
    {
        if (call.Payload is not (null or JsonObject))
        {
            return MethodAnswers.BadPayload("expected is an object with any of tail, since, until, loglevel, regex, or nothing");
        }

        LogQuery? query = null;
        string? fault = Payload.UnknownPart(call.Payload, "tail", "since", "until", "loglevel", "regex") ?? Read(call.Payload as JsonObject ?? [], out query);
        if (fault is not null)
        {
            return MethodAnswers.BadPayload(fault);
        }

        try
        {
            return Answer(query!);
        }
        catch (RegexMatchTimeoutException)
        {
            return MethodAnswers.BadPayload("regex takes too long; write a simpler one");
        }
    }

    private MethodResponse Answer(LogQuery query)
    {
        var lines = new List<JsonNode>();
        int length = 0;
        bool truncated = false;
        foreach (LogEntry entry in query.NewestFirst(logs.Entries))
        {
            JsonNode line = SupportBundle.LineOf(entry);
            length += Encoding.UTF8.GetByteCount(line.ToJsonString()) + 1;
            if (length > LongestAnswer)
            {
                truncated = true;
                break;
            }

            lines.Add(line);
        }

        lines.Reverse();
        return MethodAnswers.Ok(new JsonObject { ["lines"] = new JsonArray([.. lines]), ["truncated"] = truncated });
    }

    /// <summary>Reads the filters; gives what is wrong with them, or null.</summary>
    private string? Read(JsonObject filter, out LogQuery? query)
    {
        query = null;
        if (filter["tail"] is { } tail && !(PropertyTypes.WholeNumber(tail) is >= 1 and <= LogRing.MostEntries))
        {
            return $"tail {tail.ToJsonString()} is not allowed; allowed is a whole number from 1 to {LogRing.MostEntries}";
        }

        if (!TryInstant(filter["since"], out DateTimeOffset? since) || !TryInstant(filter["until"], out DateTimeOffset? until))
        {
            return "since and until take an ISO 8601 time such as 2026-03-01T12:00:00Z, or how long ago, such as 1h or PT1H";
        }

        if (!TryLevel(filter["loglevel"], LogLevel.Trace, out LogLevel least))
        {
            return $"loglevel is not allowed; allowed is one of {string.Join(", ", Levels.Select(each => each.Name))}, or 0 to 7 as in syslog";
        }

        if (!TryPattern(filter["regex"], out Regex? pattern))
        {
            return $"regex is no regular expression of at most {LongestPattern} characters without look-around and back-references";
        }

        query = new LogQuery((int)(Payload.Number(filter["tail"]) ?? LogRing.MostEntries), since, until, least, pattern);
        return null;
    }

    private bool TryInstant(JsonNode? value, out DateTimeOffset? instant)
    {
        instant = null;
        if (value is null)
        {
            return true;
        }

        if (Payload.Text(value) is not { } text)
        {
            return false;
        }

        if (Duration.TryParse(text, out TimeSpan ago))
        {
            instant = time.GetUtcNow() - ago;
            return true;
        }

        bool understood = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read);
        instant = read;
        return understood;
    }

    private static bool TryLevel(JsonNode? value, LogLevel absent, out LogLevel level)
    {
        level = absent;
        if (value is null)
        {
            return true;
        }

        if (Payload.Number(value) is { } severity)
        {
            level = severity switch { <= 2 => LogLevel.Critical, 3 => LogLevel.Error, 4 => LogLevel.Warning, <= 6 => LogLevel.Information, _ => LogLevel.Trace };
            return severity is >= 0 and <= 7;
        }

        int found = Array.FindIndex(Levels, each => each.Name.Equals(Payload.Text(value), StringComparison.OrdinalIgnoreCase));
        level = found < 0 ? absent : Levels[found].Level;
        return found >= 0;
    }

    private static bool TryPattern(JsonNode? value, out Regex? pattern)
    {
        pattern = null;
        if (value is null)
        {
            return true;
        }

        try
        {
            pattern = Payload.Text(value) is { Length: <= LongestPattern } text
                ? new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, LogQuery.LongestMatch)
                : null;
            return pattern is not null;
        }
        catch (Exception malformed) when (malformed is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    private MethodResponse SetLevel(Call call)
    {
        JsonNode? wanted = Payload.Part(call.Payload, "level");
        if (Payload.UnknownPart(call.Payload, "level") is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        bool reset = Payload.Text(wanted) is "configured";
        LogLevel found = default;
        if (!reset && (wanted is null || !TryLevel(wanted, default, out found)))
        {
            return MethodAnswers.BadPayload($"the payload holds no level; expected is one of {string.Join(", ", Levels.Select(each => each.Name))}, or configured");
        }

        level.Set(reset ? null : found);
        return MethodAnswers.Ok(new JsonObject { ["level"] = reset ? "configured" : Levels.First(each => each.Level == found).Name });
    }
}
