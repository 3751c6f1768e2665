using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator.Methods;

/// <summary>A service's call: <c>{"methodName","responseTimeoutInSeconds","connectTimeoutInSeconds","payload"}</c>.</summary>
/// <param name="Name">The method.</param>
/// <param name="Payload">JSON text; <c>null</c> when the caller wrote null, empty when it wrote nothing.</param>
/// <param name="ResponseTimeout">5 to 300 seconds, 30 when not given.</param>
/// <param name="ConnectTimeout">0 to 300 seconds to wait for a device that is away, 0 when not given.</param>
internal sealed record MethodRequest(string Name, ReadOnlyMemory<byte> Payload, TimeSpan ResponseTimeout, TimeSpan ConnectTimeout)
{
    private const int LongestName = 1024;

    /// <returns>Null and the request, or what is wrong with it.</returns>
    public static string? TryParse(JsonObject body, out MethodRequest request)
    {
        request = null!;
        if (!(body["methodName"] is JsonValue named && named.TryGetValue(out string? name)) || name.Length is 0 or > LongestName
            || name.AsSpan().IndexOfAny("/#+\0") >= 0)
        {
            return $"methodName must be a text of 1 to {LongestName} characters without '/', '#' and '+'.";
        }

        if (!TryReadSeconds(body["responseTimeoutInSeconds"] ?? body["timeoutInSeconds"], 30, 5, out int response))
        {
            return "responseTimeoutInSeconds must be a whole number from 5 to 300.";
        }

        if (!TryReadSeconds(body["connectTimeoutInSeconds"], 0, 0, out int connect))
        {
            return "connectTimeoutInSeconds must be a whole number from 0 to 300.";
        }

        byte[] payload = body.ContainsKey("payload") ? Encoding.UTF8.GetBytes(body["payload"]?.ToJsonString() ?? "null") : [];
        request = new MethodRequest(name, payload, TimeSpan.FromSeconds(response), TimeSpan.FromSeconds(connect));
        return payload.Length > MethodCalls.MostPayloadBytes ? $"payload must not be larger than {MethodCalls.MostPayloadBytes} bytes." : null;
    }

    private static bool TryReadSeconds(JsonNode? value, int absent, int fewest, out int seconds)
    {
        seconds = absent;
        return value is null
            || (value.GetValueKind() == JsonValueKind.Number && value.AsValue().TryGetValue(out seconds) && seconds >= fewest && seconds <= 300);
    }
}
