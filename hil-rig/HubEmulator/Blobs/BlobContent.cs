namespace HubEmulator.Blobs;

/// <summary>What a request brings: the name of its blob, the bytes still to come, their number, and their MD5 digest if the caller knows it.</summary>
internal sealed record BlobContent(string Name, Stream Bytes, long Length, byte[]? Digest);
