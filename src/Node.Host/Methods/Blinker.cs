using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.HubClient;
using Node.Sensors.Actuators;

namespace Node.Host.Methods;

/// <summary>Blinks an actuator so that somebody standing before several nodes sees which one it is. Its safety limits hold here too.</summary>
internal sealed class Blinker(ActuatorBank actuators, string? configured, TimeProvider time)
{
    private const string By = "identify";

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    private int _blinking;

    /// <summary>Starts blinking and answers at once.</summary>
    public MethodResponse Begin(Call call)
    {
        TimeSpan duration = Usual;
        JsonNode? wanted = Payload.Part(call.Payload, "duration");
        if (Payload.UnknownPart(call.Payload, "duration") is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        if (wanted is not null && (!Payload.TryDuration(wanted, out duration) || duration < Beat || duration > Longest))
        {
            return MethodAnswers.BadPayload("duration is not allowed; allowed is PT0.5S to PT5M, also written 10s or as a number of seconds");
        }

        ActuatorChannel? light = configured is null ? actuators.Channels.Count == 1 ? actuators.Channels[0] : null
            : actuators.Channels.FirstOrDefault(channel => channel.Name == configured);
        return light is null ? MethodAnswers.Error(404, "there is nothing to blink; name an actuator in Node:Identify:Actuator") : Start(light, duration);
    }

    private MethodResponse Start(ActuatorChannel light, TimeSpan duration)
    {
        if (Interlocked.CompareExchange(ref _blinking, 1, 0) != 0)
        {
            return MethodAnswers.Error(409, $"{light.Name} blinks already");
        }

        OutputAnswer first = light.Execute(OutputCommand.Toggle(By));
        if (!first.IsDone)
        {
            Volatile.Write(ref _blinking, 0);
            return ActuatorAnswers.Of(light, first);
        }

        _ = BlinkAsync(light, duration);
        return MethodAnswers.Begun(new JsonObject { ["actuator"] = light.Name, ["seconds"] = duration.TotalSeconds });
    }

    /// <summary>A refused beat is left out: limits come first.</summary>
    private async Task BlinkAsync(ActuatorChannel light, TimeSpan duration)
    {
        try
        {
            for (TimeSpan at = Beat; at < duration; at += Beat)
            {
                await Task.Delay(Beat, time);
                light.Execute(OutputCommand.Toggle(By));
            }
        }
        finally
        {
            light.Execute(OutputCommand.MakeSafe(By));
            Volatile.Write(ref _blinking, 0);
        }
    }
}
