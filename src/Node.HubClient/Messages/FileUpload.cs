namespace Node.HubClient;

/// <summary>How an upload stands (<c>IOTHUB_CLIENT_FILE_UPLOAD_RESULT</c>, same order).</summary>
public enum FileUploadResult
{
    /// <summary>So far everything went well; at the end: the blob is stored and the hub knows it.</summary>
    Ok,

    /// <summary>The upload failed or was aborted; <see cref="FileUpload.Detail"/> says why.</summary>
    Error,
}

/// <summary>What becomes of an upload (<c>IOTHUB_CLIENT_FILE_UPLOAD_GET_DATA_RESULT</c>, same order).</summary>
public enum FileUploadGetDataResult
{
    /// <summary>Go on.</summary>
    Ok,

    /// <summary>Stop: nothing is stored, and the hub is told that the upload failed.</summary>
    Abort,
}

/// <summary>
/// One upload, as its callback sees it: asked for the next block while <see cref="IsFinished"/> is false, and told the end by one last
/// call with it true.
/// </summary>
public sealed class FileUpload
{
    internal FileUpload(string blobName) => BlobName = blobName;

    /// <summary>The name as given; the hub puts the device id and a slash before it.</summary>
    public string BlobName { get; }

    /// <summary>Whether this is the last call: the outcome is known and no block is wanted.</summary>
    public bool IsFinished { get; internal set; }

    /// <summary>The outcome so far; final, the hub's knowledge of it included, when <see cref="IsFinished"/>.</summary>
    public FileUploadResult Result { get; internal set; }

    /// <summary>For people: why it failed. Empty while it goes well. Holds no secret.</summary>
    public string Detail { get; internal set; } = "";

    /// <summary>Blocks stored so far.</summary>
    public int StoredBlocks { get; internal set; }

    /// <summary>Bytes stored so far.</summary>
    public long StoredBytes { get; internal set; }

    /// <summary>The block given in the present call; empty when none was.</summary>
    internal ReadOnlyMemory<byte> Block { get; private set; }

    /// <summary>
    /// Gives the next block: 1 byte to 100 MiB, at most 50,000 of them. Not copied: the memory must stay as it is until the next call for
    /// this upload. Giving none, or an empty one, ends the blob.
    /// </summary>
    /// <param name="block">The bytes.</param>
    public void SetBlock(ReadOnlyMemory<byte> block) => Block = block;
}

/// <summary>Asked for blocks and told the end. Runs inside <see cref="IotHubClientLL.DoWork"/>. An exception aborts the upload.</summary>
/// <param name="upload">The upload; answer with <see cref="FileUpload.SetBlock"/> unless it is finished.</param>
/// <param name="context">What was passed along.</param>
public delegate void FileUploadCallback(FileUpload upload, object? context);

/// <summary>As <see cref="FileUploadCallback"/>, with the right to abort.</summary>
/// <param name="upload">The upload; answer with <see cref="FileUpload.SetBlock"/> unless it is finished.</param>
/// <param name="context">What was passed along.</param>
/// <returns>Whether to go on; without meaning in the last call.</returns>
public delegate FileUploadGetDataResult FileUploadAbortableCallback(FileUpload upload, object? context);
