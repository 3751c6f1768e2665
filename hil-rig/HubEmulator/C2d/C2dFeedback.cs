using System.Text.Json.Nodes;

namespace HubEmulator;

/// <summary>What the sender of a cloud-to-device message is told of its end, when it asked for that.</summary>
public sealed record C2dFeedback
{
    /// <summary>The message id of the message; null when it had none.</summary>
    public required string? OriginalMessageId { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset EnqueuedTime { get; init; }

    /// <summary>How it ended.</summary>
    public required C2dEnding Ending { get; init; }

    /// <summary>The device.</summary>
    public required string DeviceId { get; init; }

    /// <summary>The generation of the device's identity.</summary>
    public required string DeviceGenerationId { get; init; }

    /// <summary>One record of the array that services read.</summary>
    public string ToJson() => new JsonObject
    {
        ["originalMessageId"] = OriginalMessageId,
        ["enqueuedTimeUtc"] = Times.Stamp(EnqueuedTime),
        ["statusCode"] = Ending.ToString(),
        ["description"] = Ending.ToString(),
        ["deviceId"] = DeviceId,
        ["deviceGenerationId"] = DeviceGenerationId,
    }.ToJsonString();
}
