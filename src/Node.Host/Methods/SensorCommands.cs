using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Sensing;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary>
/// <c>readNow</c>: takes a reading, spools it and answers it. The hub client wants its answer in the same turn, so the turn waits for
/// the chip, some 10 ms and never longer than <see cref="LongestWait"/>; the disk is not waited for.
/// </summary>
internal sealed class SensorCommands(SensorArray sensors, TimeProvider time)
{
    /// <summary>A chip that needs longer is answered with 504; its reading is spooled all the same.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    /// <summary>The root form: the payload names the sensor, which may be left out when there is only one.</summary>
    public MethodResponse OfRoot(JsonNode? payload)
    {
        string known = string.Join(", ", sensors.Channels.Select(channel => channel.Name));
        JsonNode? named = (payload as JsonObject)?["sensor"];
        if (named is null)
        {
            return sensors.Channels is [SensorChannel only] ? ReadNow(only) : MethodAnswers.BadPayload($"sensor is missing; name one of {known}");
        }

        return named.GetValueKind() == JsonValueKind.String && sensors.TryFind(named.GetValue<string>(), out SensorChannel? sensor)
            ? ReadNow(sensor)
            : MethodAnswers.Error(404, $"there is no sensor {named.ToJsonString()}; known are {known}");
    }

    /// <summary>The component form.</summary>
    public MethodResponse ReadNow(SensorChannel sensor)
    {
        Task<SensorStatus> measuring = sensor.MeasureAsync(CancellationToken.None);
        if (!measuring.IsCompleted && !WaitFor(measuring))
        {
            return MethodAnswers.Error(504, $"{sensor.Name} did not answer within {LongestWait.TotalMilliseconds} ms");
        }

        SensorStatus status = measuring.Result;
        return status.State == SensorState.Ok
            ? MethodAnswers.Ok(ReadingOf(status))
            : MethodAnswers.Error(500, status.Reason ?? "no reading could be taken");
    }

    private bool WaitFor(Task<SensorStatus> measuring)
    {
        using var limit = new CancellationTokenSource(LongestWait, time);
        try
        {
            measuring.Wait(limit.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

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
