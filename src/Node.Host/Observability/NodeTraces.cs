using System.Diagnostics;

namespace Node.Host.Observability;

/// <summary>The node's spans: <c>sample</c>, <c>spool commit</c>, <c>send</c>, <c>method</c>. They cost nothing while nobody collects them.</summary>
internal static class NodeTraces
{
    public const string SourceName = "Node.Host";

    public static readonly ActivitySource Source = new(SourceName);

    /// <summary>Ends a span as failed, with its reason.</summary>
    public static void Fail(this Activity? span, string reason) => span?.SetStatus(ActivityStatusCode.Error, reason);
}
