using System.Text.Json.Nodes;
using HubEmulator.Faults;

namespace HubEmulator.Rest;

/// <summary>Writes a fault and how it fares, with the members that its kind has.</summary>
internal static class FaultJson
{
    public static JsonObject Describe(HubFaultStatus status)
    {
        HubFault fault = status.Fault;
        var all = new JsonObject
        {
            ["kind"] = FaultNames.Of(fault.Kind),
            ["deviceId"] = fault.DeviceId,
            ["afterSeconds"] = fault.After.TotalSeconds,
            ["forSeconds"] = fault.For.TotalSeconds,
            ["seed"] = fault.Seed,
            ["probability"] = fault.Probability,
            ["count"] = fault.Count,
            ["protocols"] = new JsonArray([.. FaultNames.Of(fault.Protocols).Select(name => (JsonNode)name)]),
            ["returnCode"] = fault.Status is null ? fault.ReturnCode : null,
            ["status"] = fault.Status,
            ["text"] = fault.Text,
            ["everySeconds"] = fault.Every?.TotalSeconds,
            ["onlyOpen"] = fault.OnlyOpen,
            ["delaySeconds"] = fault.Lateness.TotalSeconds,
            ["jitterSeconds"] = fault.Jitter.TotalSeconds,
            ["targets"] = new JsonArray([.. FaultNames.Of(fault.Targets).Select(name => (JsonNode)name)]),
            ["retryAfterSeconds"] = fault.RetryAfterSeconds,
            ["rate"] = fault.Rate,
            ["direction"] = FaultNames.Of(fault.Direction),
        };
        var shown = new JsonObject { ["id"] = status.Id };
        foreach (string name in FaultMembers.Of(fault.Kind))
        {
            shown[name] = all[name]?.DeepClone();
        }

        shown["state"] = status.State.ToString().ToLowerInvariant();
        shown["begins"] = Times.Stamp(status.Begins);
        shown["ends"] = Times.Stamp(status.Ends);
        shown["strikes"] = status.Strikes;
        return shown;
    }
}
