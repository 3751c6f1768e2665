using System.Text.Json.Nodes;

namespace HubEmulator.Jobs;

/// <summary>An export or import of all identities: what was asked, and how far it is. Each step is a new value.</summary>
internal sealed record TransferJob
{
    public const string Export = "export";
    public const string Import = "import";

    public required string Id { get; init; }

    /// <summary><see cref="Export"/> or <see cref="Import"/>.</summary>
    public required string Type { get; init; }

    /// <summary>Where an import reads; null for an export.</summary>
    public string? Input { get; init; }

    public required string Output { get; init; }

    /// <summary>The blob that is written, or read.</summary>
    public required string BlobName { get; init; }

    public bool ExcludesKeys { get; init; }

    public JobStatus Status { get; init; } = JobStatus.Enqueued;

    public required DateTimeOffset Began { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public string? Failure { get; init; }

    public bool IsOver => Ended is not null;

    /// <summary>As services read it. The addresses carry signatures, which are theirs.</summary>
    public JsonObject Describe() => new()
    {
        ["jobId"] = Id,
        ["startTimeUtc"] = Times.Stamp(Began),
        ["endTimeUtc"] = Ended is { } ended ? Times.Stamp(ended) : null,
        ["type"] = Type,
        ["status"] = JobNames.Of(Status),
        ["progress"] = IsOver ? 100 : 0,
        ["inputBlobContainerUri"] = Input,
        ["outputBlobContainerUri"] = Output,
        ["excludeKeysInExport"] = ExcludesKeys,
        ["failureReason"] = Failure,
    };
}
