using System.Text.Json.Serialization;

namespace HubEmulator.Blobs;

/// <summary>A blob as it stands on disk: a file of content, and this beside it.</summary>
/// <param name="Name">Decoded, without the container.</param>
/// <param name="File">The content's file in the folder of blobs.</param>
/// <param name="Length">Bytes of content.</param>
/// <param name="ETag">Without quotes; a new one for each write.</param>
/// <param name="Created">When the name was first written.</param>
/// <param name="Modified">When this content was written.</param>
/// <param name="Headers">What reads answer besides: content type and its kin, metadata.</param>
/// <param name="Blocks">The blocks that it was made of, in order; empty when it came in one piece.</param>
internal sealed record StoredBlob(
    string Name,
    string File,
    long Length,
    string ETag,
    DateTimeOffset Created,
    DateTimeOffset Modified,
    Dictionary<string, string> Headers,
    List<BlobBlock> Blocks);

/// <summary>A block inside a blob.</summary>
internal sealed record BlobBlock(string Id, long Length);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(StoredBlob))]
internal sealed partial class StoredBlobJson : JsonSerializerContext;
