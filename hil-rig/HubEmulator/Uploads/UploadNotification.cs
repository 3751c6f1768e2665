using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator;

/// <summary>What services are told of an upload that went well.</summary>
public sealed record UploadNotification
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The blob's address, without a token.</summary>
    public required Uri BlobUri { get; init; }

    /// <summary>The blob in its container, with the device id before it.</summary>
    public required string BlobName { get; init; }

    /// <summary>When the blob was last written; for a store outside, when the report came.</summary>
    public required DateTimeOffset LastUpdatedTime { get; init; }

    /// <summary>Bytes of the blob; 0 for a store outside, which the hub does not ask.</summary>
    public required long BlobSizeBytes { get; init; }

    /// <summary>When the report came.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>The body of the message that services read.</summary>
    public string ToJson() => new JsonObject
    {
        ["deviceId"] = DeviceId,
        ["blobUri"] = BlobUri.AbsoluteUri,
        ["blobName"] = BlobName,
        ["lastUpdatedTime"] = LastUpdatedTime.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture),
        ["blobSizeInBytes"] = BlobSizeBytes,
        ["enqueuedTimeUtc"] = Times.Stamp(EnqueuedTime),
    }.ToJsonString(Plain);
}
