using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;

namespace Interop.NodeSdk.Support;

/// <summary>Reads findings and what the hub holds, for assertions.</summary>
internal static class Findings
{
    /// <summary>The body as text.</summary>
    public static string Text(this ReceivedTelemetry message) => Encoding.UTF8.GetString(message.Body.Span);

    /// <summary>Demands this JSON; the order of members does not count.</summary>
    public static void IsJson(this JsonNode? actual, string expected) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), actual), $"Expected: {expected}\nActual:   {actual?.ToJsonString()}");
}
