using System.Text.Json.Nodes;

namespace HilRig.Checks;

/// <summary>The whole twin as the service side saw it.</summary>
internal sealed record TwinSnapshot(TimeSpan At, JsonObject Twin);
