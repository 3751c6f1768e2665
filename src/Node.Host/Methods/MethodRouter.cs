using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Actuation;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>
/// Finds the command for a direct method, <c>component*command</c> or a root command that names its component in the payload, and
/// always answers. Runs in the hub loop's turns.
/// </summary>
internal sealed partial class MethodRouter(SensorArray sensors, ActuatorBank actuators, TimeProvider time, ILogger logger)
{
    private readonly ActuatorCommands _actuatorCommands = new(actuators);
    private readonly SensorCommands _sensorCommands = new(sensors, time);
    private long _answered;

    /// <summary>Gives the node's status as UTF-8 JSON: what <c>getDiagnostics</c> answers.</summary>
    public Func<byte[]> Diagnostics { get; set; } = () => "{}"u8.ToArray();

    /// <summary>Calls answered since the start, refusals counted.</summary>
    public long Answered => Interlocked.Read(ref _answered);

    /// <summary>Works one call.</summary>
    public MethodResponse Invoke(MethodCall call)
    {
        MethodResponse response = Answer(call);
        Interlocked.Increment(ref _answered);
        LogAnswered(logger, call.Name, response.Status);
        return response;
    }

    private MethodResponse Answer(MethodCall call)
    {
        if (!TryParse(call.Payload, out JsonNode? payload))
        {
            return MethodAnswers.BadPayload("the payload is no JSON");
        }

        int mark = call.Name.IndexOf('*', StringComparison.Ordinal);
        string component = mark < 0 ? "" : call.Name[..mark];
        string command = call.Name[(mark + 1)..];
        if (component.Length == 0 && mark == 0)
        {
            return NotFound(call.Name);
        }

        return (component, command) switch
        {
            ("", "getDiagnostics") => new MethodResponse(200, Diagnostics()),
            ("", "setState" or "toggle") => _actuatorCommands.OfRoot(command, payload),
            ("", "readNow") => _sensorCommands.OfRoot(payload),
            (_, "setState" or "toggle") when actuators.TryFind(component, out ActuatorChannel? actuator) => ActuatorCommands.Of(actuator, command, payload),
            (_, "readNow") when sensors.TryFind(component, out SensorChannel? sensor) => _sensorCommands.ReadNow(sensor),
            _ => NotFound(call.Name),
        };
    }

    private MethodResponse NotFound(string name)
    {
        IEnumerable<string> known =
        [
            .. sensors.Channels.Select(sensor => $"{sensor.Name}*readNow"),
            .. actuators.Channels.SelectMany(actuator => (string[])[$"{actuator.Name}*setState", $"{actuator.Name}*toggle"]),
            "setState", "toggle", "readNow", "getDiagnostics",
        ];
        return MethodAnswers.Error(404, $"there is no method '{name}'; known are {string.Join(", ", known)}");
    }

    private static bool TryParse(ReadOnlyMemory<byte> json, out JsonNode? payload)
    {
        try
        {
            payload = json.IsEmpty ? null : JsonNode.Parse(json.Span, documentOptions: StrictJson.Options);
            return true;
        }
        catch (JsonException)
        {
            payload = null;
            return false;
        }
    }

    [LoggerMessage(EventId = 140, Level = LogLevel.Information, Message = "Direct method {Method} answered with {Status}")]
    private static partial void LogAnswered(ILogger logger, string method, int status);
}
