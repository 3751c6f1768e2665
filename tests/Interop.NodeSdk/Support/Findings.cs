using System.Text;
using HubEmulator;

namespace Interop.NodeSdk.Support;

/// <summary>What the hub holds, as assertions read it.</summary>
internal static class Findings
{
    /// <summary>The body as text.</summary>
    public static string Text(this ReceivedTelemetry message) => Encoding.UTF8.GetString(message.Body.Span);
}
