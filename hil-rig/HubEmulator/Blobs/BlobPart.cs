namespace HubEmulator.Blobs;

/// <summary>A stretch of a content file.</summary>
internal readonly record struct BlobPart(string File, long Offset, long Length);
