using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Faults;

namespace HubEmulator.Rest;

/// <summary>Reads a fault. A member that its kind does not have is refused, so that none is believed to act.</summary>
internal static class FaultForm
{
    /// <returns>Null, or which member is wrong and what it may be.</returns>
    public static string? TryRead(JsonObject body, out HubFault fault)
    {
        fault = new HubFault(default(HubFaultKind));
        if (!FaultNames.TryReadKind(TextOf(body["kind"]), out HubFaultKind kind))
        {
            return $"kind must be one of {string.Join(", ", FaultNames.Kinds)}.";
        }

        string[] known = [.. FaultMembers.Of(kind)];
        if (body.ContainsKey("status") && body.ContainsKey("returnCode"))
        {
            return "returnCode and status exclude each other: one refuses CONNECT, the other requests.";
        }

        if (body.FirstOrDefault(member => !known.Contains(member.Key)).Key is { } unknown)
        {
            return $"{unknown} is no member of {FaultNames.Of(kind)}, which has {string.Join(", ", known)}.";
        }

        fault = new HubFault(kind);
        foreach ((string name, JsonNode? value) in body)
        {
            if (TrySet(name, value, ref fault) is { } broken)
            {
                return broken;
            }
        }

        return FaultRules.FindBrokenRule(fault);
    }

    private static string? TrySet(string name, JsonNode? value, ref HubFault fault)
    {
        switch (name)
        {
            case "deviceId":
                fault = fault with { DeviceId = TextOf(value) };
                return value is null || fault.DeviceId is not null ? null : "deviceId must be a text.";
            case "text":
                fault = fault with { Text = TextOf(value) };
                return value is null || fault.Text is not null ? null : "text must be a text.";
            case "protocols":
                int? protocols = ReadFlags(value, name => FaultNames.TryReadProtocol(name, out HubFaultProtocols protocol) ? (int)protocol : null);
                fault = fault with { Protocols = (HubFaultProtocols)(protocols ?? 0) };
                return protocols is null ? "protocols must be an array of names: mqtt, websocket, https, amqp." : null;
            case "onlyOpen":
                fault = fault with { OnlyOpen = value?.GetValueKind() == JsonValueKind.True };
                return value?.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? null : "onlyOpen must be true or false.";
            case "targets":
                int? targets = ReadFlags(value, name => FaultNames.TryReadTarget(name, out HubFaultTargets target) ? (int)target : null);
                fault = fault with { Targets = (HubFaultTargets)(targets ?? 0) };
                return targets is null ? "targets must be an array of names: twin, rest and dps to throttle, c2d and puback to double." : null;
            case "direction":
                HubFaultDirections direction = HubFaultDirections.None;
                string? misread = FaultNames.TryReadDirection(TextOf(value), out direction) ? null : "direction must be toDevice, toHub or both.";
                fault = fault with { Direction = direction };
                return misread;
            case "kind":
                return null;
            case "seed" or "count" or "status" or "returnCode" or "retryAfterSeconds":
                return TrySetWhole(name, value, ref fault);
            default:
                return TrySetNumber(name, value, ref fault);
        }
    }

    private static string? TrySetWhole(string name, JsonNode? value, ref HubFault fault)
    {
        if (value is not JsonValue node || !node.TryGetValue(out int number))
        {
            return $"{name} must be a whole number.";
        }

        fault = name switch
        {
            "seed" => fault with { Seed = number },
            "count" => fault with { Count = number },
            "status" => fault with { Status = number },
            "returnCode" => fault with { ReturnCode = number },
            _ => fault with { RetryAfterSeconds = number },
        };
        return null;
    }

    private static string? TrySetNumber(string name, JsonNode? value, ref HubFault fault)
    {
        const double MostSeconds = 1e9; // beyond every range, and within what a time span holds
        if (value is not JsonValue node || !node.TryGetValue(out double number) || !double.IsFinite(number))
        {
            return $"{name} must be a number.";
        }

        TimeSpan Span() => TimeSpan.FromSeconds(Math.Clamp(number, -MostSeconds, MostSeconds));
        fault = name switch
        {
            "afterSeconds" => fault with { After = Span() },
            "forSeconds" => fault with { For = Span() },
            "everySeconds" => fault with { Every = Span() },
            "delaySeconds" => fault with { Lateness = Span() },
            "jitterSeconds" => fault with { Jitter = Span() },
            "rate" => fault with { Rate = number },
            _ => fault with { Probability = number },
        };
        return null;
    }

    /// <summary>Reads an array of names into flags.</summary>
    /// <param name="value">The array.</param>
    /// <param name="read">Gives the flag of a name, or null.</param>
    /// <returns>The flags together, or null when it is no array of known names.</returns>
    private static int? ReadFlags(JsonNode? value, Func<string?, int?> read)
    {
        int?[]? flags = (value as JsonArray)?.Select(name => read(TextOf(name))).ToArray();
        return flags is null || flags.Contains(null) ? null : flags.Aggregate(0, (all, flag) => all | flag!.Value);
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
