using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.Host.Configuration;
using Node.HubClient;
using Node.Sensors.Actuators;

namespace Node.Host.Methods;

/// <summary><c>setState</c>, <c>toggle</c>, <c>pulse</c> and <c>arm</c>: each answers the state that is in force afterwards, read back from the hardware.</summary>
internal sealed class ActuatorMethods(ActuatorBank actuators) : IMethodGroup
{
    private static readonly TimeSpan LongestPulse = TimeSpan.FromDays(7); // As every other limit of an actuator.

    private static readonly string[] Commands = ["setState", "toggle", "pulse", "arm"];

    public IEnumerable<string> Names => actuators.Channels.Count == 0 ? []
        : [.. actuators.Channels.SelectMany(actuator => Commands.Select(command => $"{actuator.Name}*{command}")), .. Commands];

    public Method? Find(string component, string command)
    {
        if (!Commands.Contains(command, StringComparer.Ordinal))
        {
            return null;
        }

        return component.Length == 0 ? Method.AtOnce(call => OfRoot(command, call), movesSomething: true)
            : actuators.TryFind(component, out ActuatorChannel? actuator) ? Method.AtOnce(call => Of(actuator, command, call), movesSomething: true)
            : null;
    }

    /// <summary>The root form: the payload names the actuator, which may be left out when there is only one.</summary>
    private MethodResponse OfRoot(string command, Call call)
    {
        string known = string.Join(", ", actuators.Channels.Select(channel => channel.Name));
        JsonNode? named = (call.Payload as JsonObject)?["actuator"];
        if (named is null)
        {
            return actuators.Channels is [ActuatorChannel only]
                ? Of(only, command, call)
                : MethodAnswers.BadPayload($"actuator is missing; name one of {known}");
        }

        return Payload.Text(named) is { } name && actuators.TryFind(name, out ActuatorChannel? actuator)
            ? Of(actuator, command, call)
            : MethodAnswers.Error(404, $"there is no actuator {named.ToJsonString()}; known are {known}");
    }

    private static MethodResponse Of(ActuatorChannel actuator, string command, Call call)
    {
        string? fault = CommandIn(actuator, command, call, out OutputCommand? wanted);
        return fault is not null ? MethodAnswers.BadPayload(fault) : ActuatorAnswers.Of(actuator, actuator.Execute(wanted!));
    }

    private static string? CommandIn(ActuatorChannel actuator, string command, Call call, out OutputCommand? wanted)
    {
        wanted = null;
        switch (command)
        {
            case "setState":
                return Payload.UnknownPart(call.Payload, "actuator", "state", "level")
                    ?? Contradiction(actuator, call.Payload) ?? StateIn(actuator, call, StatePart(call.Payload), out wanted);
            case "pulse":
                return Payload.UnknownPart(call.Payload, "actuator", "duration", "state", "level") ?? Contradiction(actuator, call.Payload) ?? PulseIn(actuator, call, out wanted);
            case "toggle":
                wanted = OutputCommand.Toggle(call.By);
                return Payload.NotNothing(call.Payload, "actuator");
            default:
                wanted = OutputCommand.Arm(call.By);
                return Payload.NotNothing(call.Payload, "actuator");
        }
    }

    /// <summary>Why state and level do not go together where both are given; null when they do.</summary>
    private static string? Contradiction(ActuatorChannel actuator, JsonNode? payload)
    {
        if (payload is not JsonObject { } parts || parts["state"] is not { } state || parts["level"] is not { } level)
        {
            return null;
        }

        return LevelIn(actuator, state) is (true, var wanted) && LevelIn(actuator, level) is (true, { } number) && (wanted == 0) == (number == 0)
            ? null
            : $"the state {state.ToJsonString()} and the level {level.ToJsonString()} do not go together; a level above 0 is on";
    }

    /// <summary>The level where there is one, which says more than the state.</summary>
    private static JsonNode? StatePart(JsonNode? payload) => payload is JsonObject parts ? parts["level"] ?? parts["state"] : payload;

    private static string? StateIn(ActuatorChannel actuator, Call call, JsonNode? state, out OutputCommand? wanted)
    {
        wanted = Payload.Text(state) is { } text && text.Equals("safe", StringComparison.OrdinalIgnoreCase)
            ? OutputCommand.MakeSafe(call.By)
            : LevelIn(actuator, state) is (true, var level) ? level is { } value ? OutputCommand.Set(value, call.By) : OutputCommand.On(call.By) : null;
        return wanted is null ? $"the payload holds no state; {Expected(actuator)}" : null;
    }

    private static string? PulseIn(ActuatorChannel actuator, Call call, out OutputCommand? wanted)
    {
        wanted = null;
        if (!Payload.TryDuration(Payload.Part(call.Payload, "duration"), out TimeSpan duration))
        {
            return "the payload holds no duration; expected is \"PT2S\", \"2s\", a number of seconds, or {\"duration\":\"PT2S\"}";
        }

        if (duration > LongestPulse)
        {
            return $"a pulse of {Duration.Format(duration)} is too long; allowed is more than 0 s and at most {Duration.Format(LongestPulse)}";
        }

        JsonNode? state = call.Payload is JsonObject ? StatePart(call.Payload) : null;
        (bool understood, double? level) = state is null ? (true, null) : LevelIn(actuator, state);
        wanted = OutputCommand.Pulse(duration, call.By, level);
        return understood ? null : $"the payload holds no state; {Expected(actuator)}";
    }

    /// <summary>The level that a state means; null for on, which has the level that it had last.</summary>
    private static (bool Understood, double? Level) LevelIn(ActuatorChannel actuator, JsonNode? state) => state?.GetValueKind() switch
    {
        JsonValueKind.True => (true, null),
        JsonValueKind.False => (true, 0),
        JsonValueKind.String when state.GetValue<string>().Equals("on", StringComparison.OrdinalIgnoreCase) => (true, null),
        JsonValueKind.String when state.GetValue<string>().Equals("off", StringComparison.OrdinalIgnoreCase) => (true, 0),
        JsonValueKind.Number when actuator.Options.IsPwm => (Payload.Number(state) is { } number && double.IsFinite(number), Payload.Number(state)),
        _ => (false, null),
    };

    private static string Expected(ActuatorChannel actuator) =>
        "expected is {\"state\":\"on\"}, {\"state\":\"off\"}, {\"state\":\"safe\"}, \"on\", \"off\", true or false" + (actuator.Options.IsPwm ? ", or a level from 0 to 1" : "");
}
