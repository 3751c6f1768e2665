using Node.HubClient.Transport;
using Node.HubClient.Upload;

namespace Node.HubClient;

/// <content>Uploads to blob storage.</content>
public sealed partial class IotHubClientLL
{
    private const int BlobNameMaximumLength = 1_024;

    /// <summary>
    /// Stores a whole as a blob: in blocks of 4 MiB, each repeated where that helps, over HTTPS beside the MQTT connection, moved by
    /// <see cref="DoWork"/>. Any thread.
    /// </summary>
    /// <param name="blobName">1 to 1,024 characters; the hub puts the device id and a slash before it.</param>
    /// <param name="data">The content; not copied, so it must stay as it is until the end. At least one byte.</param>
    /// <param name="callback">Told the end, in one call; null for nobody.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.Ok"/> when begun; <see cref="IotHubClientResult.InvalidArg"/> for a name of another length;
    /// <see cref="IotHubClientResult.QueueFull"/> with 10 uploads under way; <see cref="IotHubClientResult.Error"/> without content, for a module, which cannot upload, and after dispose.
    /// </returns>
    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, FileUploadCallback? callback = null, object? context = null) =>
        data.IsEmpty ? IotHubClientResult.Error : Upload(blobName, new WholeSource(data, callback, context, _callbacks));

    /// <summary>Stores a blob block by block, as a callback gives them; one block at a time is in memory.</summary>
    /// <param name="blobName">As with <see cref="UploadToBlob"/>.</param>
    /// <param name="callback">Asked for each block until it gives none, then told the end.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>As with <see cref="UploadToBlob"/>.</returns>
    public IotHubClientResult UploadMultipleBlocksToBlob(string blobName, FileUploadCallback callback, object? context = null)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return UploadMultipleBlocksToBlobEx(blobName, (upload, passed) =>
        {
            callback(upload, passed);
            return FileUploadGetDataResult.Ok;
        }, context);
    }

    /// <summary>As <see cref="UploadMultipleBlocksToBlob"/>, and the callback may abort: then nothing is stored, and the hub is told so.</summary>
    /// <param name="blobName">As with <see cref="UploadToBlob"/>.</param>
    /// <param name="callback">Asked for each block until it gives none or aborts, then told the end.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>As with <see cref="UploadToBlob"/>.</returns>
#pragma warning disable CA1711 // The members are named after the reference's functions, so that its users find them.
    public IotHubClientResult UploadMultipleBlocksToBlobEx(string blobName, FileUploadAbortableCallback callback, object? context = null)
#pragma warning restore CA1711
    {
        ArgumentNullException.ThrowIfNull(callback);
        return Upload(blobName, new CallbackSource(callback, context, _callbacks));
    }

    /// <summary>Uploads go the way of the MQTT connection, but for the interface, which has an option of its own.</summary>
    private LinkRoute Route()
    {
        LinkRoute route = _transport is PolledMqttTransport polled ? polled.Route with { IsWebSocket = false } : new LinkRoute();
        return _named.UploadInterface is { } name ? route with { Socket = route.Socket with { InterfaceName = name, HardwareAddress = null } } : route;
    }

    private IotHubClientResult Upload(string blobName, IBlockSource source)
    {
        ArgumentNullException.ThrowIfNull(blobName);
        return _identity.ModuleId is not null ? IotHubClientResult.Error
            : blobName.Length is 0 or > BlobNameMaximumLength ? IotHubClientResult.InvalidArg
            : Notify(_uploads.Add(new BlobUpload(new FileUpload(blobName), source, _uploader, HttpChannels(), _clock)));
    }
}
