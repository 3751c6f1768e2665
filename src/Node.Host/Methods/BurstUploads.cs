using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Hub;
using Node.Host.Twin;
using Node.HubClient;
using Node.Sensors.Signals;

namespace Node.Host.Methods;

/// <summary>
/// Brings bursts to the hub, one at a time on a node, and removes the files that it has. How that goes is the reported property
/// <c>captureProgress</c> of the sensor's component.
/// </summary>
/// <param name="hub">Where files go.</param>
/// <param name="reported">Takes the progress.</param>
/// <param name="nudge">Calls for a turn of the hub client.</param>
/// <param name="time">Source of instants.</param>
/// <param name="logger">Told of failures.</param>
internal sealed partial class BurstUploads(IHubClient hub, ReportedDocument reported, Action nudge, TimeProvider time, ILogger logger)
{
    private const string Property = "captureProgress"; // Not the command's name: an interface has each name once.

    private int _taken;

    /// <summary>Takes the turn of the one burst that may be recorded or uploaded.</summary>
    /// <returns><see langword="false"/> when another one has it.</returns>
    public bool TryTake() => Interlocked.CompareExchange(ref _taken, 1, 0) == 0;

    public void Release() => Volatile.Write(ref _taken, 0);

    /// <summary>Begins to upload a file. Call it with the turn taken.</summary>
    /// <param name="sensor">Whose component reports it.</param>
    /// <param name="path">The file.</param>
    /// <param name="progress">What is told besides the file's name and length.</param>
    /// <param name="ended">Called once when it has ended: whether the hub has the file.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public async Task UploadAsync(string sensor, string path, JsonObject progress, Action<bool> ended)
    {
        byte[] content = await File.ReadAllBytesAsync(path);
        string blob = $"bursts/{Path.GetFileName(path)}";
        progress["blob"] = blob;
        progress["bytes"] = content.Length;
        Report(sensor, With(progress, "uploading"));
        IotHubClientResult begun = hub.UploadToBlob(blob, content, (isStored, detail) =>
        {
            End(sensor, path, progress, isStored, detail);
            ended(isStored);
        });
        nudge();
        if (begun == IotHubClientResult.Ok) { return; }

        Fail(sensor, $"the upload could not be begun: {begun}; the file waits in the data folder");
        ended(false);
    }

    public void Fail(string sensor, string detail) => Report(sensor, new JsonObject { ["state"] = "failed", ["detail"] = detail });

    public void Report(string sensor, JsonObject state)
    {
        state["at"] = time.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        reported.Post(sensor, Property, state);
        nudge();
    }

    private static JsonObject With(JsonObject progress, string state)
    {
        JsonObject copy = progress.DeepClone().AsObject();
        copy["state"] = state;
        return copy;
    }

    /// <summary>A file that could not be uploaded stays: until a later try, or until newer ones need its place.</summary>
    private void End(string sensor, string path, JsonObject progress, bool isStored, string detail)
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
    }

    [LoggerMessage(EventId = 146, Level = LogLevel.Warning, Message = "The burst {Path} was uploaded and could not be removed: {Reason}")]
    private static partial void LogNotRemoved(ILogger logger, string path, string reason);
}
