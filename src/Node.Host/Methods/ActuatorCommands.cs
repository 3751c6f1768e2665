using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.HubClient;
using Node.Sensors.Bus;

namespace Node.Host.Methods;

/// <summary><c>setState</c> and <c>toggle</c>: both answer the state that is in force afterwards, read back from the pin.</summary>
internal sealed class ActuatorCommands(ActuatorBank actuators)
{
    private const string Expected = "expected is {\"state\":\"on\"}, {\"state\":\"off\"}, \"on\", \"off\", true or false";

    /// <summary>The root form: the payload names the actuator, which may be left out when there is only one.</summary>
    public MethodResponse OfRoot(string command, JsonNode? payload)
    {
        string known = string.Join(", ", actuators.Channels.Select(channel => channel.Name));
        JsonNode? named = (payload as JsonObject)?["actuator"];
        if (named is null)
        {
            return actuators.Channels is [ActuatorChannel only]
                ? Of(only, command, payload)
                : MethodAnswers.BadPayload($"actuator is missing; name one of {known}");
        }

        return named.GetValueKind() == JsonValueKind.String && actuators.TryFind(named.GetValue<string>(), out ActuatorChannel? actuator)
            ? Of(actuator, command, payload)
            : MethodAnswers.Error(404, $"there is no actuator {named.ToJsonString()}; known are {known}");
    }

    /// <summary>The component form.</summary>
    public static MethodResponse Of(ActuatorChannel actuator, string command, JsonNode? payload)
    {
        bool? wanted = command == "toggle" ? null : StateIn(payload);
        if (command != "toggle" && wanted is null)
        {
            return MethodAnswers.BadPayload($"the payload holds no state; {Expected}");
        }

        if (actuator.Fault is not null)
        {
            return MethodAnswers.Error(409, $"{actuator.Name} is not available: {actuator.Fault}");
        }

        try
        {
            bool inForce = wanted is { } on ? actuator.Set(on) : actuator.Toggle();
            return MethodAnswers.Ok(new JsonObject { ["state"] = OnOff.Text(inForce) });
        }
        catch (SensorException failure)
        {
            return MethodAnswers.Error(500, failure.Message);
        }
    }

    private static bool? StateIn(JsonNode? payload)
    {
        JsonNode? state = payload is JsonObject body ? body["state"] : payload;
        return state?.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String when state.GetValue<string>().Equals("on", StringComparison.OrdinalIgnoreCase) => true,
            JsonValueKind.String when state.GetValue<string>().Equals("off", StringComparison.OrdinalIgnoreCase) => false,
            _ => null,
        };
    }
}
