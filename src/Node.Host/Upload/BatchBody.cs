using System.Buffers;
using System.Globalization;
using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Json;
using Node.Host.Spool;

namespace Node.Host.Upload;

/// <summary>
/// Several readings of one component in a body:
/// <c>{"readings":[{"id":"boot1-17","seq":17,"time":"2026-03-01T12:00:00.000Z","timeSynced":true,"quality":"good","values":{"temperature":21.5}},…]}</c>.
/// </summary>
internal static class BatchBody
{
    private const int FrameBytes = 16;
    private const int ReadingBytes = 128; // Names, punctuation, time, flags and a sequence of nineteen digits.

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Bytes that a reading takes in a batch, rounded up.</summary>
    public static int SizeOf(SpooledMessage reading) => reading.Body.Length + ReadingBytes + reading.MessageId.Length + reading.Quality.Length;

    /// <summary>Bytes around the readings.</summary>
    public static int Frame => FrameBytes;

    /// <summary>Writes the readings in the order given.</summary>
    public static byte[] Write(IReadOnlyList<SpooledMessage> readings)
    {
        var buffer = new ArrayBufferWriter<byte>(FrameBytes + readings.Sum(SizeOf));
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteStartArray("readings");
            foreach (SpooledMessage reading in readings)
            {
                json.WriteStartObject();
                json.WriteString("id", reading.MessageId);
                json.WriteNumber("seq", reading.Sequence);
                json.WriteString("time", reading.SampledAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                json.WriteBoolean("timeSynced", reading.TimeSynced);
                json.WriteString("quality", reading.Quality);
                json.WritePropertyName("values");
                json.WriteRawValue(reading.Body.Span, skipInputValidation: true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The body compressed (RFC 1952); null when that saves nothing.</summary>
    public static byte[]? Gzip(ReadOnlySpan<byte> body)
    {
        using var packed = new MemoryStream(body.Length / 2);
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.Length < body.Length ? packed.ToArray() : null;
    }
}
