namespace HubEmulator.Uploads;

/// <summary>An upload that a device was given an address for.</summary>
/// <param name="CorrelationId">Names it in the report.</param>
/// <param name="BlobName">With the device id before it.</param>
/// <param name="Expires">When its token and its slot end.</param>
internal sealed record UploadTicket(string CorrelationId, string BlobName, DateTimeOffset Expires);
