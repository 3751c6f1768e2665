using System.Text.Json.Nodes;
using HubEmulator.Blobs;
using HubEmulator.Identity;
using HubEmulator.Uploads;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>The device side of file upload: ask for an address, report the end.</summary>
/// <param name="registry">The devices.</param>
/// <param name="desk">Keeps the uploads.</param>
/// <param name="target">Where the blobs go; null when the hub has no store.</param>
internal sealed class UploadCalls(DeviceRegistry registry, UploadDesk desk, UploadTarget? target)
{
    private const int LongestDescription = 1024;

    private static ServiceAnswer NoStore { get; } = ServiceAnswer.Of(new ServiceError(
        400, 400014, "DefaultStorageEndpointNotConfigured", "The hub has no storage account for file uploads."));

    /// <summary><c>POST /devices/{id}/files {"blobName":"log.txt"}</c>: answers host, container, blob, token and the correlation id of the report.</summary>
    public async Task<ServiceAnswer> BeginAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (target is not { } store)
        {
            return NoStore;
        }

        Device device = DeviceOf(context);
        string? wanted = body["blobName"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
        string blob = $"{device.Id}/{wanted}";
        if (string.IsNullOrEmpty(wanted) || !BlobAddress.IsName(blob))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("blobName must be a text that names a blob: 1,024 characters with the device id, no dot or slash at the end."));
        }

        return desk.TryBegin(device, blob) is { } ticket ? Address(ticket, store) : TooMany(device);
    }

    /// <summary>
    /// <c>POST /devices/{id}/files/notifications[/{correlationId}] {"correlationId","isSuccess","statusCode","statusDescription"}</c>:
    /// the id stands in the body, or in the path as one SDK writes it.
    /// </summary>
    public async Task<ServiceAnswer> EndAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (target is not { } store)
        {
            return NoStore;
        }

        string? id = context.Request.RouteValues["correlationId"] is string inPath ? Uri.UnescapeDataString(inPath) : TextOf(body["correlationId"]);
        if (id is null || TryRead(body) is not { } report)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("The report needs correlationId, isSuccess (true or false), and may have statusCode (a whole number) and statusDescription."));
        }

        return desk.End(DeviceOf(context), id, report, store) switch
        {
            UploadEnding.Taken => ServiceAnswer.NoContent,
            UploadEnding.Unknown => Refuse(400015, "InvalidFileUploadCorrelationId", "The hub knows no upload of this correlation id."),
            UploadEnding.Over => Refuse(400016, "ExpiredFileUploadCorrelationId", "The upload has been reported already, or has expired."),
            UploadEnding.Contradiction => Refuse(400019, "InvalidFileUploadCompletionStatus", "isSuccess and statusCode contradict each other."),
            _ => Refuse(400020, "InvalidStorageEndpointOrBlob", "There is no such blob in the storage account."),
        };
    }

    private Device DeviceOf(HttpContext context) =>
        registry.Find(context.Request.RouteValues["id"]?.ToString() ?? "")
        ?? throw new BadHttpRequestException("The device is gone."); // deleted since its token was checked

    private static ServiceAnswer Address(UploadTicket ticket, UploadTarget store) => ServiceAnswer.Ok(new JsonObject
    {
        ["correlationId"] = ticket.CorrelationId,
        ["hostName"] = store.HostName,
        ["containerName"] = store.Container,
        ["blobName"] = ticket.BlobName,
        ["sasToken"] = store.Sign(ticket.BlobName, ticket.Expires),
    });

    private static ServiceAnswer TooMany(Device device) => ServiceAnswer.Of(new ServiceError(
        403, 403006, "DeviceMaximumActiveFileUploadLimitExceeded", $"Device {device.Id} has {DeviceUploads.MostInProgress} uploads in progress."));

    private static ServiceAnswer Refuse(int code, string name, string message) => ServiceAnswer.Of(new ServiceError(400, code, name, message));

    private static UploadReport? TryRead(JsonObject body)
    {
        int status = 0;
        bool isReadable = body["isSuccess"] is JsonValue success && success.TryGetValue(out bool _)
            && (body["statusCode"] is null || (body["statusCode"] is JsonValue code && code.TryGetValue(out status)));
        string description = TextOf(body["statusDescription"]) ?? "";
        return isReadable
            ? new UploadReport(body["isSuccess"]!.GetValue<bool>(), status, description[..Math.Min(description.Length, LongestDescription)])
            : null;
    }

    private static string? TextOf(JsonNode? node) => node is JsonValue value && value.TryGetValue(out string? text) ? text : null;
}
