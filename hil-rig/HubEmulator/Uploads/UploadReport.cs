namespace HubEmulator.Uploads;

/// <summary>A device's words about an upload's end.</summary>
/// <param name="IsSuccess">Whether the blob is there.</param>
/// <param name="StatusCode">The store's HTTP status, or 0 when the device says none.</param>
/// <param name="Description">For people.</param>
internal sealed record UploadReport(bool IsSuccess, int StatusCode, string Description)
{
    /// <summary>
    /// True for a failure with a status of success. A success counts whatever its status: the device SDK in C reports each with 400
    /// (<c>IoTHubClientCore_LL_UploadToBlob</c> of its version 1.15).
    /// </summary>
    public bool ContradictsItself => !IsSuccess && StatusCode is >= 200 and < 300;
}
