using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// The emulator's own calls, which no real hub has: read what arrived, and play dead for a while.
/// They take the same token and <c>api-version</c> as every service call.
/// </summary>
internal sealed class RigCalls(TelemetryLog telemetry, Action<TimeSpan> beginOutage)
{
    private const int LongestPage = 1000;
    private const int LargestPageBytes = 4 * 1024 * 1024;
    private const int LongestOutageSeconds = 3600;

    /// <summary><c>GET /hilrig/telemetry?after={sequence}</c>: at most 1000 messages, or 4 MiB of payload, that came after the given one, oldest first.</summary>
    public Task<ServiceAnswer> TelemetryAsync(HttpContext context)
    {
        string text = context.Request.Query["after"].ToString();
        long after = 0;
        if (text.Length > 0 && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out after))
        {
            return Task.FromResult(ServiceAnswer.Of(ServiceError.ArgumentInvalid("after must be the sequence number of a message, or 0.")));
        }

        return Task.FromResult(ServiceAnswer.Ok(new JsonArray([.. Page(after).Select(Describe)])));
    }

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

    private static JsonObject Members(IEnumerable<KeyValuePair<string, string?>> properties) =>
        new(properties.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value)));
}
