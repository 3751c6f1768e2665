using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using HubEmulator.State;

namespace HubEmulator.Blobs;

/// <summary>
/// The folder <c>blobs</c>: a file of content for each blob and block, and beside each blob's content a JSON file, named by a digest of the blob's
/// name, that says which content is its. Content is written first, so what no JSON file names is left over and goes at the next start.
/// </summary>
internal sealed class BlobFiles(DataFolder folder)
{
    private const string FolderName = "blobs";
    private const int BufferBytes = 128 * 1024;
    private const int LongestTail = 60;

    private string Root => folder.PathOf(FolderName);

    /// <summary>Makes the folder, reads what it remembers and tidies it.</summary>
    /// <exception cref="LocalHubException">The folder cannot be used, or a file in it is damaged.</exception>
    public IReadOnlyList<StoredBlob> Load()
    {
        try
        {
            Directory.CreateDirectory(Root);
            StoredBlob[] blobs = [.. Directory.GetFiles(Root, "*.json").Select(Read)];
            HashSet<string> known = [.. blobs.SelectMany(blob => new[] { blob.File, Path.GetFileName(NoteOf(blob.Name)) })];
            foreach (string leftOver in Directory.GetFiles(Root).Where(path => !known.Contains(Path.GetFileName(path))))
            {
                File.Delete(leftOver);
            }

            return blobs;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(Root, refused);
        }
    }

    /// <summary>Writes a stream into a new content file, a buffer at a time.</summary>
    /// <returns>The file's name and the MD5 digest of its content.</returns>
    public async Task<(string File, byte[] Digest)> WriteAsync(string blob, Stream content, CancellationToken cancellationToken)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5); // what the protocol asks for, against damage and not against people
        string file = await WriteAsync(blob, target => CopyAsync(content, target, long.MaxValue, digest, cancellationToken));
        return (file, digest.GetHashAndReset());
    }

    /// <summary>Writes parts of other files, one after another, into a new content file.</summary>
    public Task<string> JoinAsync(string blob, IEnumerable<BlobPart> parts, CancellationToken cancellationToken) => WriteAsync(blob, async target =>
    {
        foreach (BlobPart part in parts)
        {
            await using FileStream source = Open(part.File);
            source.Position = part.Offset;
            await CopyAsync(source, target, part.Length, null, cancellationToken);
        }
    });

    /// <summary>Opens content for reading; the file may be deleted meanwhile.</summary>
    public FileStream Open(string file) =>
        new(Path.Combine(Root, file), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, useAsync: true);

    /// <summary>Makes a blob durable, or its new content.</summary>
    public void Remember(StoredBlob blob) =>
        folder.Write(NoteOf(blob.Name), JsonSerializer.SerializeToUtf8Bytes(blob, StoredBlobJson.Default.StoredBlob), secret: true);

    public void Forget(string blob) => File.Delete(folder.PathOf(NoteOf(blob)));

    public void Delete(string file) => File.Delete(Path.Combine(Root, file));

    private async Task<string> WriteAsync(string blob, Func<FileStream, Task> write)
    {
        string file = $"{Guid.NewGuid():N}-{TailOf(blob)}";
        try
        {
            await using var target = new FileStream(Path.Combine(Root, file), Private);
            await write(target);
            return file;
        }
        catch
        {
            Delete(file);
            throw;
        }
    }

    private static async Task CopyAsync(Stream source, Stream target, long length, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            while (length > 0)
            {
                int read = await source.ReadAsync(buffer.AsMemory(0, (int)Math.Min(length, buffer.Length)), cancellationToken);
                if (read == 0)
                {
                    return;
                }

                digest?.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
                length -= read;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static StoredBlob Read(string path)
    {
        try
        {
            StoredBlob blob = JsonSerializer.Deserialize(File.ReadAllBytes(path), StoredBlobJson.Default.StoredBlob) ?? throw new JsonException("It is empty.");
            return File.Exists(Path.Combine(Path.GetDirectoryName(path)!, blob.File)) ? blob : throw new JsonException($"Its content {blob.File} is missing.");
        }
        catch (JsonException damaged)
        {
            throw new LocalHubException(LocalHubFault.DataFolderUnusable, $"{path}: {damaged.Message} Delete the file to forget this blob.", damaged);
        }
    }

    /// <summary>Names may hold anything and differ by case alone, which file names on some systems cannot.</summary>
    private static string NoteOf(string blob) =>
        Path.Combine(FolderName, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(blob)).AsSpan(0, 16)) + ".json");

    /// <summary>The end of a name, so that a person finds a file and its extension; never a path, and never the extension of the JSON files.</summary>
    private static string TailOf(string blob)
    {
        string last = blob[(blob.LastIndexOf('/') + 1)..];
        string tail = string.Concat(last.TakeLast(LongestTail).Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' ? letter : '_'));
        return tail.EndsWith(".json", StringComparison.OrdinalIgnoreCase) ? tail + "_" : tail;
    }

    /// <summary>What devices upload is for the owner of the folder only.</summary>
    private static FileStreamOptions Private
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0, Options = FileOptions.Asynchronous };
            if (!OperatingSystem.IsWindows())
            {
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            }

            return options;
        }
    }
}
