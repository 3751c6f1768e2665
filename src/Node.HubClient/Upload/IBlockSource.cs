using Node.HubClient.Features;

namespace Node.HubClient.Upload;

/// <summary>Where an upload's blocks come from.</summary>
internal interface IBlockSource
{
    /// <summary>The next block; empty at the end. False to abort.</summary>
    bool TryNext(FileUpload upload, out ReadOnlyMemory<byte> block);

    /// <summary>Tells the end.</summary>
    void Finish(FileUpload upload);
}

/// <summary>A whole in memory, cut into blocks of 4 MiB, so that a repeat costs no more than that.</summary>
internal sealed class WholeSource(ReadOnlyMemory<byte> whole, FileUploadCallback? callback, object? context, Callbacks callbacks) : IBlockSource
{
    private const int BlockBytes = 4 << 20;
    private ReadOnlyMemory<byte> _left = whole;

    /// <inheritdoc />
    public bool TryNext(FileUpload upload, out ReadOnlyMemory<byte> block)
    {
        block = _left[..Math.Min(_left.Length, BlockBytes)];
        _left = _left[block.Length..];
        return true;
    }

    /// <inheritdoc />
    public void Finish(FileUpload upload)
    {
        if (callback is not null)
        {
            callbacks.Upload((told, passed) =>
            {
                callback(told, passed);
                return FileUploadGetDataResult.Ok;
            }, upload, context);
        }
    }
}

/// <summary>A callback that gives block after block.</summary>
internal sealed class CallbackSource(FileUploadAbortableCallback callback, object? context, Callbacks callbacks) : IBlockSource
{
    /// <inheritdoc />
    public bool TryNext(FileUpload upload, out ReadOnlyMemory<byte> block)
    {
        upload.SetBlock(default);
        bool goesOn = callbacks.Upload(callback, upload, context) is FileUploadGetDataResult.Ok;
        block = upload.Block;
        return goesOn;
    }

    /// <inheritdoc />
    public void Finish(FileUpload upload) => callbacks.Upload(callback, upload, context);
}
