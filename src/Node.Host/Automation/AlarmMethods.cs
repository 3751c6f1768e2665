using System.Text.Json.Nodes;
using Node.Host.Methods;
using Node.HubClient;

namespace Node.Host.Automation;

/// <summary><c>{sensor}*clearAlarm</c>: ends a latched alarm whose value is back behind its limit.</summary>
internal sealed class AlarmMethods(LocalAutomation automation) : IMethodGroup
{
    private const string Command = "clearAlarm";

    public IEnumerable<string> Names => automation.Sensors.Select(alarms => $"{alarms.Sensor.Name}*{Command}");

    public Method? Find(string component, string command) =>
        command == Command && automation.TryFind(component, out SensorAlarms? alarms) ? new Method(call => ClearAsync(alarms, call), MovesSomething: true) : null;

    private static async Task<MethodResponse> ClearAsync(SensorAlarms alarms, Call call)
    {
        if (Payload.UnknownPart(call.Payload, "threshold") is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        if (Payload.Text(Payload.Part(call.Payload, "threshold")) is not { } id)
        {
            return MethodAnswers.BadPayload("threshold is missing; give the id of one, such as \"hot\"");
        }

        return await alarms.ClearAsync(id, call.Stop) is { } refused
            ? MethodAnswers.Error(refused.Status, refused.Reason)
            : MethodAnswers.Ok(AlarmProperties.Show(alarms.States)?[id] is JsonObject shown ? shown.DeepClone().AsObject() : new JsonObject());
    }
}
