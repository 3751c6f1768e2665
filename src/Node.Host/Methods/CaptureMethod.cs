using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Hub;
using Node.Host.Sensing;
using Node.Host.Twin;
using Node.HubClient;
using Node.Sensors.Drivers;
using Node.Sensors.Signals;

namespace Node.Host.Methods;

/// <summary>
/// <c>capture</c> of a vibration sensor: answers 202, records every sample into a file, uploads the file and removes it when the hub has it.
/// How that goes is the reported property <c>captureProgress</c> of the sensor's component. One at a time on a node.
/// </summary>
/// <param name="sensors">Those of the node.</param>
/// <param name="folder">Where files wait; recovered already.</param>
/// <param name="hub">Where files go; null without one.</param>
/// <param name="reported">Takes the progress.</param>
/// <param name="nudge">Calls for a turn of the hub client.</param>
/// <param name="time">Source of instants.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class CaptureMethod(
    SensorArray sensors, BurstFolder folder, IHubClient? hub, ReportedDocument reported, Action nudge, TimeProvider time, ILogger logger) : IMethodGroup
{
    /// <summary>The chip whose samples can be captured.</summary>
    public const string Chip = "ADXL345Vibration";

    private const string Command = "capture";
    private const string Property = "captureProgress"; // Not the command's name: an interface has each name once.

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    private int _underWay;

    public IEnumerable<string> Names => sensors.Channels.Where(IsVibration).Select(static sensor => $"{sensor.Name}*{Command}");

    public Method? Find(string component, string command) =>
        command == Command && sensors.TryFind(component, out SensorChannel? sensor) && IsVibration(sensor)
            ? Method.AtOnce(call => Begin(sensor, call), movesSomething: true) : null;

    private static bool IsVibration(SensorChannel sensor) => sensor.Options.Chip.Equals(Chip, StringComparison.OrdinalIgnoreCase);

    private MethodResponse Begin(SensorChannel sensor, Call call)
    {
        TimeSpan duration = Usual;
        if (Payload.UnknownPart(call.Payload, "duration") is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        if (Payload.Part(call.Payload, "duration") is { } wanted && (!Payload.TryDuration(wanted, out duration) || duration < Shortest || duration > BurstCapture.Longest))
        {
            return MethodAnswers.BadPayload("duration is not allowed; allowed is PT0.1S to PT10M, also written 10s or as a number of seconds");
        }

        if (hub is null || call.By != "hub")
        {
            return MethodAnswers.Error(409, "a burst is uploaded through the hub; call this method there");
        }

        if (Interlocked.CompareExchange(ref _underWay, 1, 0) != 0)
        {
            return MethodAnswers.Error(409, "a burst is under way; its state is the reported property captureProgress");
        }

        Report(sensor.Name, new JsonObject { ["state"] = "recording", ["seconds"] = duration.TotalSeconds });
        _ = RecordAsync(sensor, hub, duration);
        return MethodAnswers.Begun(new JsonObject { ["seconds"] = duration.TotalSeconds });
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends a burst is reported, and the next one may begin.")]
    private async Task RecordAsync(SensorChannel sensor, IHubClient client, TimeSpan duration)
    {
        try
        {
            Burst burst = await sensor.UseLongAsync(
                (chip, stop) => ((Adxl345Vibration)SensorCatalog.DriverOf(chip)).CaptureAsync(folder, sensor.Name, duration, time, stop), duration, CancellationToken.None);
            await UploadAsync(sensor.Name, client, burst);
        }
        catch (Exception failure)
        {
            LogFailed(logger, sensor.Name, failure.Message);
            Fail(sensor.Name, failure.Message);
        }
    }

    private async Task UploadAsync(string sensor, IHubClient client, Burst burst)
    {
        byte[] content = await File.ReadAllBytesAsync(burst.Path);
        var progress = new JsonObject
        {
            ["blob"] = $"bursts/{Path.GetFileName(burst.Path)}",
            ["samples"] = burst.Samples,
            ["gaps"] = burst.Gaps,
            ["clipped"] = burst.Clipped,
            ["bytes"] = content.Length,
        };
        Report(sensor, With(progress, "uploading"));
        IotHubClientResult begun = client.UploadToBlob((string)progress["blob"]!, content, (isStored, detail) => Ended(sensor, burst.Path, progress, isStored, detail));
        nudge();
        if (begun != IotHubClientResult.Ok)
        {
            Fail(sensor, $"the upload could not be begun: {begun}; the file waits in the data folder");
        }
    }

    /// <summary>A file that could not be uploaded stays until newer ones need its place.</summary>
    private void Ended(string sensor, string path, JsonObject progress, bool isStored, string detail)
    {
        JsonObject end = With(progress, isStored ? "done" : "failed");
        if (detail.Length > 0)
        {
            end["detail"] = detail;
        }

        if (isStored && !BurstFolder.TryRemove(path, out string? reason))
        {
            LogNotRemoved(logger, path, reason!);
        }

        Report(sensor, end);
        Volatile.Write(ref _underWay, 0);
    }

    private void Fail(string sensor, string detail)
    {
        Report(sensor, new JsonObject { ["state"] = "failed", ["detail"] = detail });
        Volatile.Write(ref _underWay, 0);
    }

    private static JsonObject With(JsonObject progress, string state)
    {
        JsonObject copy = progress.DeepClone().AsObject();
        copy["state"] = state;
        return copy;
    }

    private void Report(string sensor, JsonObject state)
    {
        state["at"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        reported.Post(sensor, Property, state);
        nudge();
    }

    [LoggerMessage(EventId = 145, Level = LogLevel.Warning, Message = "The burst of sensor {Sensor} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string sensor, string reason);

    [LoggerMessage(EventId = 146, Level = LogLevel.Warning, Message = "The burst {Path} was uploaded and could not be removed: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string path, string reason);
}
