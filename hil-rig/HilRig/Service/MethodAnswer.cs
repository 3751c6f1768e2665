using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>What the device answered to a direct method; <see cref="Payload"/> is null when it sent none.</summary>
internal sealed record MethodAnswer(int Status, JsonNode? Payload);
