using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Sensing;
using Node.HubClient;
using Node.Sensors.Drivers;
using Node.Sensors.Signals;

namespace Node.Host.Methods;

/// <summary>
/// <c>capture</c> of a vibration sensor: answers 202, records every sample into a file, uploads the file and removes it when the hub has it.
/// One at a time on a node.
/// </summary>
/// <param name="sensors">Those of the node.</param>
/// <param name="folder">Where files wait; recovered already.</param>
/// <param name="uploads">Brings them to the hub; null without one.</param>
/// <param name="time">Source of instants.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class CaptureMethod(
    SensorArray sensors, BurstFolder folder, BurstUploads? uploads, TimeProvider time, ILogger logger) : IMethodGroup
{
    /// <summary>The chip whose samples can be captured.</summary>
    public const string Chip = "ADXL345Vibration";

    private const string Command = "capture";

    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

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

        if (uploads is null || call.By != "hub")
        {
            return MethodAnswers.Error(409, "a burst is uploaded through the hub; call this method there");
        }

        if (!uploads.TryTake())
        {
            return MethodAnswers.Error(409, "a burst is under way; its state is the reported property captureProgress");
        }

        uploads.Report(sensor.Name, new JsonObject { ["state"] = "recording", ["seconds"] = duration.TotalSeconds });
        _ = RecordAsync(sensor, uploads, duration);
        return MethodAnswers.Begun(new JsonObject { ["seconds"] = duration.TotalSeconds });
    }

    [SuppressMessage("Design", "CA1031:Do not catch general exception types", Justification = "Whatever ends a burst is reported, and the next one may begin.")]
    private async Task RecordAsync(SensorChannel sensor, BurstUploads bursts, TimeSpan duration)
    {
        try
        {
            Burst burst = await sensor.UseLongAsync(
                (chip, stop) => ((Adxl345Vibration)SensorCatalog.DriverOf(chip)).CaptureAsync(folder, sensor.Name, duration, time, stop), duration, CancellationToken.None);
            var told = new JsonObject { ["samples"] = burst.Samples, ["gaps"] = burst.Gaps, ["clipped"] = burst.Clipped };
            await bursts.UploadAsync(sensor.Name, burst.Path, told, _ => bursts.Release());
        }
        catch (Exception failure)
        {
            LogFailed(logger, sensor.Name, failure.Message);
            bursts.Fail(sensor.Name, failure.Message);
            bursts.Release();
        }
    }

    [LoggerMessage(EventId = 145, Level = LogLevel.Warning, Message = "The burst of sensor {Sensor} failed: {Reason}")]
    private static partial void LogFailed(ILogger logger, string sensor, string reason);
}
