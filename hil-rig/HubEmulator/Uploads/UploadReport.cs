namespace HubEmulator.Uploads;

/// <summary>A device's words about an upload's end.</summary>
/// <param name="IsSuccess">Whether the blob is there.</param>
/// <param name="StatusCode">The store's HTTP status, or 0 when the device says none.</param>
/// <param name="Description">For people.</param>
internal sealed record UploadReport(bool IsSuccess, int StatusCode, string Description)
{
    /// <summary>True for success with a status of failure, and the other way round. A status below 100 is no HTTP status and says nothing.</summary>
    public bool ContradictsItself => StatusCode >= 100 && IsSuccess != StatusCode is >= 200 and < 300;
}
