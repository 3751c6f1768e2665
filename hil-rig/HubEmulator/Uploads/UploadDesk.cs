using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using HubEmulator.Blobs;
using HubEmulator.Identity;

namespace HubEmulator.Uploads;

/// <summary>Gives devices addresses for their blobs and takes their reports. What is in progress is forgotten when the hub ends.</summary>
internal sealed class UploadDesk(UploadLog log, TimeSpan tokenLifetime, TimeProvider clock)
{
    private readonly ConditionalWeakTable<Device, DeviceUploads> _uploads = new(); // goes with the device

    /// <summary>Begins an upload.</summary>
    /// <returns>Null when the device has too many in progress.</returns>
    public UploadTicket? TryBegin(Device device, string blobName)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string id = $"{now.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture)}_{Guid.NewGuid()}";
        var ticket = new UploadTicket(Convert.ToBase64String(Encoding.ASCII.GetBytes(id)), blobName, now + tokenLifetime);
        return UploadsOf(device).TryBegin(ticket, now) ? ticket : null;
    }

    /// <summary>Takes a report; a success is notified to services.</summary>
    public UploadEnding End(Device device, string correlationId, UploadReport report, UploadTarget target)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return UploadsOf(device).End(correlationId, now, ticket =>
        {
            StoredBlob? blob = target.Store?.Find(ticket.BlobName);
            if (report.ContradictsItself)
            {
                return UploadEnding.Contradiction;
            }

            if (report.IsSuccess && target.Store is not null && blob is null)
            {
                return UploadEnding.NoBlob;
            }

            log.Append(Finish(device, ticket, report, blob, now), report.IsSuccess ? Notify(device, ticket, target, blob, now) : null);
            return UploadEnding.Taken;
        });
    }

    private DeviceUploads UploadsOf(Device device) => _uploads.GetValue(device, _ => new DeviceUploads());

    private static FinishedUpload Finish(Device device, UploadTicket ticket, UploadReport report, StoredBlob? blob, DateTimeOffset now) => new()
    {
        DeviceId = device.Id,
        BlobName = ticket.BlobName,
        SizeBytes = blob?.Length,
        IsSuccess = report.IsSuccess,
        StatusCode = report.StatusCode,
        StatusDescription = report.Description,
        ReportedTime = now,
    };

    private static UploadNotification Notify(Device device, UploadTicket ticket, UploadTarget target, StoredBlob? blob, DateTimeOffset now) => new()
    {
        DeviceId = device.Id,
        BlobUri = target.AddressOf(ticket.BlobName),
        BlobName = ticket.BlobName,
        LastUpdatedTime = blob?.Modified ?? now,
        BlobSizeBytes = blob?.Length ?? 0,
        EnqueuedTime = now,
    };
}
