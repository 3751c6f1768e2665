using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// The emulator's own calls, which no real hub has: read what arrived and who came and went, and play dead for a while.
/// They take the same token and <c>api-version</c> as every service call.
/// </summary>
internal sealed class RigCalls(TelemetryLog telemetry, HubEventLog events, Action<TimeSpan> beginOutage)
{
    private const int LongestPage = 1000;
    private const int LargestPageBytes = 4 * 1024 * 1024;
    private const int LongestOutageSeconds = 3600;

    /// <summary><c>GET /hilrig/telemetry?after={sequence}</c> or <c>?last={count}</c>: at most 1000 messages, or 4 MiB of payload, oldest first.</summary>
    public Task<ServiceAnswer> TelemetryAsync(HttpContext context) => Task.FromResult(
        TryReadPlace(context, telemetry.Received, out long after) ? ServiceAnswer.Ok(new JsonArray([.. Page(after).Select(Describe)])) : NoPlace);

    /// <summary><c>GET /hilrig/events?after={sequence}</c> or <c>?last={count}</c>: at most 1000 connections that came, went or were refused, oldest first.</summary>
    public Task<ServiceAnswer> EventsAsync(HttpContext context) => Task.FromResult(
        TryReadPlace(context, events.Appended, out long after) ? ServiceAnswer.Ok(new JsonArray([.. events.After(after, LongestPage).Select(Describe)])) : NoPlace);

    /// <summary><c>POST /hilrig/outage {"seconds":N}</c>: answers 202, then refuses and drops every connection for 1 to 3600 seconds.</summary>
    public async Task<ServiceAnswer> OutageAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (!(body["seconds"] is JsonValue value && value.TryGetValue(out double seconds) && seconds is >= 1 and <= LongestOutageSeconds))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid($"seconds must be a number from 1 to {LongestOutageSeconds}."));
        }

        context.Response.OnCompleted(() =>
        {
            beginOutage(TimeSpan.FromSeconds(seconds));
            return Task.CompletedTask;
        });
        return new ServiceAnswer(202, new JsonObject { ["seconds"] = seconds });
    }

    private static ServiceAnswer NoPlace => ServiceAnswer.Of(ServiceError.ArgumentInvalid($"after must be a sequence number, or 0; last must be 1 to {LongestPage}."));

    /// <returns>False when the query names no place; without any the place is before everything.</returns>
    private static bool TryReadPlace(HttpContext context, long newest, out long after)
    {
        string last = context.Request.Query["last"].ToString();
        if (last.Length > 0)
        {
            bool isCount = int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is > 0 and <= LongestPage;
            after = Math.Max(newest - count, 0);
            return isCount;
        }

        string text = context.Request.Query["after"].ToString();
        after = 0;
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after);
    }

    private IEnumerable<ReceivedTelemetry> Page(long after)
    {
        long bytes = 0;
        return telemetry.After(after, LongestPage).TakeWhile((message, index) => (bytes += message.Body.Length) <= LargestPageBytes || index == 0);
    }

    private static JsonNode Describe(ReceivedTelemetry message) => new JsonObject
    {
        ["sequenceNumber"] = message.SequenceNumber,
        ["deviceId"] = message.DeviceId,
        ["moduleId"] = message.ModuleId,
        ["messageId"] = message.MessageId,
        ["enqueuedTime"] = Times.Stamp(message.EnqueuedTime),
        ["systemProperties"] = Members(message.SystemProperties),
        ["applicationProperties"] = Members(message.ApplicationProperties),
        ["annotations"] = Members(message.Annotations.Select(pair => KeyValuePair.Create(pair.Key, (string?)pair.Value))),
        ["body"] = Convert.ToBase64String(message.Body.Span),
    };

    private static JsonNode Describe(HubEvent one) => new JsonObject
    {
        ["sequenceNumber"] = one.SequenceNumber,
        ["time"] = Times.Stamp(one.Time),
        ["kind"] = HubEventKinds.Name(one.Kind),
        ["deviceId"] = one.DeviceId,
        ["detail"] = one.Detail,
    };

    private static JsonObject Members(IEnumerable<KeyValuePair<string, string?>> properties) =>
        new(properties.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
