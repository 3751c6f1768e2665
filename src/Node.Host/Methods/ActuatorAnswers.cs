using System.Text.Json.Nodes;
using Node.Host.Actuation;
using Node.HubClient;
using Node.Sensors.Actuators;

namespace Node.Host.Methods;

/// <summary>How an actuator's answer looks to a caller.</summary>
internal static class ActuatorAnswers
{
    /// <summary>200 with the state in force; else the reason too, with 400, 409 or 500.</summary>
    public static MethodResponse Of(ActuatorChannel actuator, OutputAnswer answer)
    {
        var json = new JsonObject();
        if (!answer.IsDone)
        {
            json["error"] = answer.Reason;
        }

        OutputStatus status = answer.Status;
        json["state"] = StateOf(status);
        Add(json, "level", actuator.Options.IsPwm ? status.Target : null);
        Add(json, "leaseSeconds", Seconds(status.LeaseRemaining));
        Add(json, "retryAfterSeconds", Seconds(answer.RetryAfter));
        return MethodAnswers.With(StatusOf(answer.Refusal), json);
    }

    public static string StateOf(OutputStatus status) => status.IsOn is { } on ? OnOff.Text(on) : "unknown";

    public static int StatusOf(OutputRefusal refusal) => refusal switch
    {
        OutputRefusal.None => 200,
        OutputRefusal.OutOfRange => 400,
        OutputRefusal.Fault => 500,
        _ => 409,
    };

    private static double? Seconds(TimeSpan? span) => span is { } length ? Math.Round(length.TotalSeconds, 3) : null;

    private static void Add(JsonObject json, string name, double? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }
}
