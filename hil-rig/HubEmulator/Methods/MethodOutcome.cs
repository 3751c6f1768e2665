using System.Text.Json.Nodes;

namespace HubEmulator.Methods;

/// <summary>How a call ended; status and payload are the device's and stand only for an answered one.</summary>
internal sealed record MethodOutcome(MethodEnding Ending, int Status = 0, JsonNode? Payload = null)
{
    public static MethodOutcome Offline { get; } = new(MethodEnding.Offline);

    public static MethodOutcome NoAnswer { get; } = new(MethodEnding.NoAnswer);

    public static MethodOutcome BadAnswer { get; } = new(MethodEnding.BadAnswer);

    public static MethodOutcome TooManyInFlight { get; } = new(MethodEnding.TooManyInFlight);

    public static MethodOutcome Answered(int status, JsonNode? payload) => new(MethodEnding.Answered, status, payload);
}
