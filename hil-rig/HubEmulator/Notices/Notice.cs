namespace HubEmulator.Notices;

/// <summary>Something that services are told once: a batch of feedback, or an upload.</summary>
/// <param name="Id">The message id.</param>
/// <param name="Body">JSON text.</param>
/// <param name="EnqueuedTime">When it was queued.</param>
internal sealed record Notice(string Id, string Body, DateTimeOffset EnqueuedTime);
