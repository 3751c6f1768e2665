using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator.Methods;
using HubEmulator.Queries;
using HubEmulator.Twins;

namespace HubEmulator.Jobs;

/// <summary>
/// What a service wants done on many devices:
/// <c>{"type":"scheduleDeviceMethod"|"scheduleUpdateTwin","cloudToDeviceMethod","updateTwin","queryCondition","startTime","maxExecutionTimeInSeconds"}</c>.
/// </summary>
/// <param name="Id">The name that the service has given it.</param>
/// <param name="QueryCondition">The WHERE of a query over devices; an asterisk for all, or from FROM on for modules.</param>
/// <param name="Method">The call, for a job of methods; otherwise null.</param>
/// <param name="Twin">The merge patch with its entity tag, for a job of twins; otherwise null.</param>
/// <param name="Start">When it begins.</param>
/// <param name="MaxExecutionTimeInSeconds">How long it may run.</param>
internal sealed record JobRequest(string Id, string QueryCondition, JsonObject? Method, JsonObject? Twin, DateTimeOffset Start, long MaxExecutionTimeInSeconds)
{
    public const string OfMethods = "scheduleDeviceMethod";
    public const string OfTwins = "scheduleUpdateTwin";

    private const long UsualSeconds = 3600; // what the Node SDK asks for when its caller does not say
    private const long MostSeconds = 172_800;
    private const int LongestCondition = 16 * 1024;
    private static readonly TimeSpan FarthestStart = TimeSpan.FromDays(30);

    public string Type => Method is null ? OfTwins : OfMethods;

    /// <returns>Null and the request, or what is wrong with it.</returns>
    public static string? TryParse(string id, JsonObject body, DateTimeOffset now, out JobRequest request)
    {
        request = null!;
        if (TextOf(body["type"]) is not (OfMethods or OfTwins) || TextOf(body["type"]) is not { } type)
        {
            return $"type must be {OfMethods} or {OfTwins}.";
        }

        if (TextOf(body["queryCondition"]) is not { Length: > 0 and <= LongestCondition } condition)
        {
            return $"queryCondition must be the WHERE of a query, 1 to {LongestCondition} characters, such as deviceId IN ['a','b'], or * for every device.";
        }

        if (!TryReadStart(body["startTime"], now, out DateTimeOffset start))
        {
            return $"startTime must be an ISO 8601 time, at most {FarthestStart.Days} days ahead.";
        }

        if (!TryReadSeconds(body["maxExecutionTimeInSeconds"], out long seconds))
        {
            return $"maxExecutionTimeInSeconds must be a whole number from 0, which means {UsualSeconds}, to {MostSeconds}.";
        }

        JsonObject? method = type == OfMethods ? body["cloudToDeviceMethod"] as JsonObject : null;
        JsonObject? twin = type == OfTwins ? body["updateTwin"] as JsonObject : null;
        request = new JobRequest(id, condition, (JsonObject?)method?.DeepClone(), (JsonObject?)twin?.DeepClone(), start, seconds);
        return FindBrokenDeed(type, method, twin);
    }

    /// <returns>Null and the query that finds the devices, or what is wrong with the condition.</returns>
    public string? TryReadQuery(out HubQuery query)
    {
        string condition = QueryCondition.Trim();
        string text = condition.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase) ? $"SELECT * {condition}"
            : condition == "*" ? "SELECT * FROM devices" : $"SELECT * FROM devices WHERE {condition}";
        string? broken = HubQuery.TryParse(text, out query);
        return broken ?? (query.Source == QuerySource.Jobs ? "A job works on devices or devices.modules." : null);
    }

    private static string? FindBrokenDeed(string type, JsonObject? method, JsonObject? twin)
    {
        if (type == OfMethods)
        {
            return method is null ? "cloudToDeviceMethod must be an object with methodName." : MethodRequest.TryParse(method, out _);
        }

        return twin is null ? "updateTwin must be an object with tags or properties.desired."
            : TwinUpdate.TryParse(twin, out _, out TwinFailure failure) ? null : failure.Message;
    }

    private static bool TryReadStart(JsonNode? value, DateTimeOffset now, out DateTimeOffset start)
    {
        start = now;
        bool isRead = value is null || DateTimeOffset.TryParse(TextOf(value), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out start);
        return isRead && start - now <= FarthestStart;
    }

    private static bool TryReadSeconds(JsonNode? value, out long seconds)
    {
        seconds = UsualSeconds;
        if (value is null)
        {
            return true;
        }

        bool isRead = value is JsonValue node && node.TryGetValue(out seconds) && seconds is >= 0 and <= MostSeconds;
        seconds = seconds == 0 ? UsualSeconds : seconds;
        return isRead;
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
