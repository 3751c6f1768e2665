namespace Node.HubClient.Features;

/// <summary>A telemetry message that was accepted and not yet confirmed.</summary>
/// <param name="Packet">Its PUBLISH packet, but for the packet id.</param>
/// <param name="PacketIdOffset">Where the packet id belongs.</param>
/// <param name="Callback">Told how it ended; null for nobody.</param>
/// <param name="Context">Passed to the callback.</param>
/// <param name="Deadline">Until when it may wait unpublished; <see cref="long.MaxValue"/> for ever.</param>
internal readonly record struct PendingMessage(byte[] Packet, int PacketIdOffset, SendConfirmationCallback? Callback, object? Context, long Deadline);
