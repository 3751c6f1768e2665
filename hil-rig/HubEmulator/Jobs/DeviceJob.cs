using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Jobs;

/// <summary>A job's part on one device or module. Each step is a new value.</summary>
/// <param name="Identity">The device, or device and module with a slash between.</param>
/// <param name="Status">How far it has come.</param>
/// <param name="Created">When the job found the device.</param>
internal sealed record DeviceJob(string Identity, JobStatus Status, DateTimeOffset Created)
{
    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>What the device answered to a method.</summary>
    public JsonObject? MethodResponse { get; init; }

    /// <summary>Name and text of what went wrong.</summary>
    public string? ErrorName { get; init; }

    public string? ErrorText { get; init; }

    /// <summary>What a query over <c>devices.jobs</c> finds.</summary>
    public JsonObject Describe(JobRequest job)
    {
        var document = new JsonObject
        {
            ["deviceId"] = DeviceIds.DeviceOf(Identity),
            ["jobId"] = job.Id,
            ["jobType"] = job.Type,
            ["status"] = JobNames.OfDevice(Status),
            ["startTimeUtc"] = Started is { } started ? Times.Stamp(started) : null,
            ["endTimeUtc"] = Ended is { } ended ? Times.Stamp(ended) : null,
            ["createdDateTimeUtc"] = Times.Stamp(Created),
            ["lastUpdatedDateTimeUtc"] = Times.Stamp(Ended ?? Started ?? Created),
            ["outcome"] = new JsonObject { ["deviceMethodResponse"] = MethodResponse?.DeepClone() },
        };
        if (DeviceIds.ModuleOf(Identity) is { } module)
        {
            document["moduleId"] = module;
        }

        if (ErrorName is not null)
        {
            document["error"] = new JsonObject { ["code"] = ErrorName, ["description"] = ErrorText };
        }

        return document;
    }
}
