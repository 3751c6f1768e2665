namespace HubEmulator;

/// <summary>An upload that a device has reported as ended, well or not.</summary>
public sealed record FinishedUpload
{
    /// <summary>Counts the reports of the hub from 1, without gaps.</summary>
    public long SequenceNumber { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The blob in its container, with the device id before it: <c>dev-01/log.txt</c>.</summary>
    public required string BlobName { get; init; }

    /// <summary>Bytes of the blob when the report came. Null when no such blob is there, or when it lies in a store outside.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>What the device says of it.</summary>
    public required bool IsSuccess { get; init; }

    /// <summary>The status that the device got from the store; 0 when it said none.</summary>
    public required int StatusCode { get; init; }

    /// <summary>The device's words; empty when it said none.</summary>
    public required string StatusDescription { get; init; }

    /// <summary>When the report came, by the hub's clock.</summary>
    public required DateTimeOffset ReportedTime { get; init; }
}
