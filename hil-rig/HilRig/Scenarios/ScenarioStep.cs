using System.Text.Json.Nodes;

namespace HilRig.Scenarios;

/// <summary>One entry of a timeline.</summary>
internal abstract record ScenarioStep(TimeSpan At)
{
    /// <summary>The step in a few words, for logs and reports.</summary>
    public abstract string Text { get; }
}

/// <summary>Changes desired properties.</summary>
internal sealed record TwinStep(TimeSpan At, IReadOnlyList<Service.TwinAssignment> Assignments) : ScenarioStep(At)
{
    public override string Text => "twin " + string.Join(", ", Assignments.Select(one => $"{one.DottedPath} = {one.Value?.ToJsonString() ?? "null"}"));
}

/// <summary>Calls a direct method.</summary>
internal sealed record MethodStep(TimeSpan At, string Method, JsonNode? Payload) : ScenarioStep(At)
{
    public override string Text => $"method {Method}";
}

/// <summary>Takes the hub away: connections are dropped and refused until <paramref name="Length"/> is over.</summary>
internal sealed record OutageStep(TimeSpan At, TimeSpan Length) : ScenarioStep(At)
{
    public override string Text => $"hub outage of {Durations.Write(Length)}";
}

/// <summary>Kills, stops or starts the node's process.</summary>
internal sealed record NodeStep(TimeSpan At, NodeAction Action) : ScenarioStep(At)
{
    public override string Text => Action switch
    {
        NodeAction.Kill => "node killed (SIGKILL)",
        NodeAction.Stop => "node stopped (SIGTERM)",
        NodeAction.Start => "node started",
        _ => "node restarted (SIGTERM, then started)",
    };
}
