using System.Text.Json.Nodes;
using Node.Host.Sensing;
using Node.HubClient;
using Node.Sensors.Drivers;

namespace Node.Host.Methods;

/// <summary><c>readNow</c>, <c>selfTest</c> and <c>calibrate</c>, the last two as far as the chip has them.</summary>
internal sealed class SensorMethods(SensorArray sensors) : IMethodGroup
{
    /// <summary>How long a chip tests or calibrates itself, whatever a measurement may take: ten seconds, with the stop before.</summary>
    private static readonly TimeSpan LongestByItself = TimeSpan.FromSeconds(12);

    private static readonly string[] Commands = ["readNow", "selfTest", "calibrate"];

    public IEnumerable<string> Names =>
    [
        .. sensors.Channels.SelectMany(sensor => CommandsOf(sensor.Options.Chip).Select(command => $"{sensor.Name}*{command}")),
        .. sensors.Channels.SelectMany(sensor => CommandsOf(sensor.Options.Chip)).Distinct(),
    ];

    /// <summary>What can be asked of a chip; of the others it is answered with 404 and the reason.</summary>
    public static IEnumerable<string> CommandsOf(string chip) => chip.ToUpperInvariant() switch
    {
        "MPU6050" or "MPU-6050" => ["readNow", "selfTest"],
        "SCD41" => Commands,
        _ => ["readNow"],
    };

    public Method? Find(string component, string command)
    {
        if (!Commands.Contains(command, StringComparer.Ordinal))
        {
            return null;
        }

        bool moves = command == "calibrate";
        return component.Length == 0 ? new Method(call => OfRootAsync(command, call), moves)
            : sensors.TryFind(component, out SensorChannel? sensor) ? new Method(call => OfAsync(sensor, command, call), moves)
            : null;
    }

    /// <summary>The root form: the payload names the sensor, which may be left out when there is only one.</summary>
    private Task<MethodResponse> OfRootAsync(string command, Call call)
    {
        string known = string.Join(", ", sensors.Channels.Select(channel => channel.Name));
        JsonNode? named = (call.Payload as JsonObject)?["sensor"];
        if (named is null)
        {
            return sensors.Channels is [SensorChannel only]
                ? OfAsync(only, command, call)
                : Task.FromResult(MethodAnswers.BadPayload($"sensor is missing; name one of {known}"));
        }

        return Payload.Text(named) is { } name && sensors.TryFind(name, out SensorChannel? sensor)
            ? OfAsync(sensor, command, call)
            : Task.FromResult(MethodAnswers.Error(404, $"there is no sensor {named.ToJsonString()}; known are {known}"));
    }

    private static Task<MethodResponse> OfAsync(SensorChannel sensor, string command, Call call)
    {
        string? fault = command == "calibrate" ? Payload.UnknownPart(call.Payload, "sensor", "co2") : Payload.NotNothing(call.Payload, "sensor");
        return fault is { } unknown ? Task.FromResult(MethodAnswers.BadPayload(unknown)) : command switch
        {
            "readNow" => ReadAsync(sensor, call.Stop),
            "selfTest" => TestAsync(sensor, call.Stop),
            _ => CalibrateAsync(sensor, call),
        };
    }

    private static async Task<MethodResponse> ReadAsync(SensorChannel sensor, CancellationToken stop)
    {
        SensorStatus status = await sensor.MeasureAsync(stop);
        return status.State == SensorState.Ok
            ? MethodAnswers.Ok(ReadingOf(status))
            : MethodAnswers.Error(500, status.Reason ?? "no reading could be taken");
    }

    private static Task<MethodResponse> TestAsync(SensorChannel sensor, CancellationToken stop) => sensor.Options.Chip.ToUpperInvariant() switch
    {
        "MPU6050" or "MPU-6050" => sensor.UseLongAsync(
            async (chip, cancelled) => Passed((await ((Mpu6050)SensorCatalog.DriverOf(chip)).SelfTestAsync(cancelled)).Passed), LongestByItself, stop),
        "SCD41" => sensor.UseLongAsync(async (chip, cancelled) => Passed(await ((Scd41)SensorCatalog.DriverOf(chip)).TestItselfAsync(cancelled)), LongestByItself, stop),
        _ => Task.FromResult(MethodAnswers.Error(404, $"{sensor.Name} is a {sensor.Options.Chip}, which has no self-test; readNow shows whether it answers")),
    };

    private static Task<MethodResponse> CalibrateAsync(SensorChannel sensor, Call call)
    {
        if (!sensor.Options.Chip.Equals("SCD41", StringComparison.OrdinalIgnoreCase))
        {
            return Task.FromResult(MethodAnswers.Error(404,
                $"{sensor.Name} is a {sensor.Options.Chip}, which cannot be calibrated by a command; set its filters (offset, calibrate_linear) through the twin"));
        }

        return Payload.Number(Payload.Part(call.Payload, "co2")) is { } co2 and >= 400 and <= 2_000
            ? sensor.UseLongAsync(async (chip, cancelled) => MethodAnswers.Ok(new JsonObject
            {
                ["correction"] = await ((Scd41)SensorCatalog.DriverOf(chip)).ForceRecalibrationAsync((int)Math.Round(co2), cancelled),
            }), LongestByItself, call.Stop)
            : Task.FromResult(MethodAnswers.BadPayload("the payload holds no reference; expected is the carbon dioxide now in ppm, 400 to 2000, as a number or {\"co2\":420}"));
    }

    private static MethodResponse Passed(bool passed) => MethodAnswers.Ok(new JsonObject { ["passed"] = passed });

    /// <summary>What goes out of the reading; when the filters hold all of it back, the raw values and <c>"filteredOut":true</c>.</summary>
    private static JsonObject ReadingOf(SensorStatus status)
    {
        JudgedReading reading = status.Reading!;
        if (reading.GoesOut)
        {
            return JsonNode.Parse(ReadingBody.Write(reading))!.AsObject();
        }

        var json = new JsonObject();
        foreach (JudgedValue value in reading.Values)
        {
            json[value.Quantity.Name] = value.ShownRaw;
        }

        json["filteredOut"] = true;
        return json;
    }
}
