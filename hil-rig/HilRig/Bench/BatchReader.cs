using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using HubEmulator;

namespace HilRig.Bench;

/// <summary>
/// Reads the readings of a batch (docs/telemetry.md): the body is <c>{"readings":[{"id":"boot-17","time":"…",…},…]}</c>, compressed when the
/// content encoding is <c>gzip</c>.
/// </summary>
internal static class BatchReader
{
    private const int MostBytes = 4 << 20; // A body that unpacks to more is no batch of the node's.

    /// <summary>Whether the message says that it is a batch.</summary>
    public static bool IsBatch(ReceivedTelemetry message) => message.ApplicationProperties.ContainsKey("batch");

    /// <summary>The id and the time of each reading; empty when the body is not what it should be, or holds another number than the message says.</summary>
    public static IReadOnlyList<(string Id, DateTimeOffset? SampledAt)> Read(ReceivedTelemetry message)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(Unpack(message));
            List<(string, DateTimeOffset?)> readings = [.. body.RootElement.GetProperty("readings").EnumerateArray().Select(Reading)];
            return message.ApplicationProperties["batch"] == readings.Count.ToString(CultureInfo.InvariantCulture) ? readings : [];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidDataException or KeyNotFoundException or InvalidOperationException)
        {
            return [];
        }
    }

    private static (string Id, DateTimeOffset? SampledAt) Reading(JsonElement reading) => (
        reading.GetProperty("id").GetString() ?? "",
        reading.TryGetProperty("time", out JsonElement time) && time.TryGetDateTimeOffset(out DateTimeOffset at) ? at : null);

    private static ReadOnlyMemory<byte> Unpack(ReceivedTelemetry message)
    {
        if (message.SystemProperties.GetValueOrDefault("$.ce") != "gzip")
        {
            return message.Body;
        }

        using var gzip = new GZipStream(new MemoryStream(message.Body.ToArray()), CompressionMode.Decompress);
        byte[] unpacked = new byte[MostBytes];
        int length = gzip.ReadAtLeast(unpacked, MostBytes, throwOnEndOfStream: false);
        return length < MostBytes ? unpacked.AsMemory(0, length) : throw new InvalidDataException("the body unpacks to more than 4 MiB");
    }
}
