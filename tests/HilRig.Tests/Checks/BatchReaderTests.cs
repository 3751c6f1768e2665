using System.IO.Compression;
using System.Text;
using HilRig.Bench;
using HubEmulator;

namespace HilRig.Tests.Checks;

public sealed class BatchReaderTests
{
    private const string Two = """
        {"readings":[{"id":"b-1","seq":1,"time":"2026-03-01T12:00:00.000Z","timeSynced":true,"quality":"good","values":{"temperature":1}},
                     {"id":"b-3","seq":3,"time":"2026-03-01T12:00:05.000Z","timeSynced":true,"quality":"good","values":{"temperature":2}}]}
        """;

    [Theory, InlineData(false), InlineData(true)]
    public void Each_reading_of_a_batch_is_read_compressed_or_not(bool gzip)
    {
        ReceivedTelemetry message = Batch(Two, "2", gzip);

        Assert.True(BatchReader.IsBatch(message));
        Assert.Equal(["b-1", "b-3"], BatchReader.Read(message).Select(reading => reading.Id));
        Assert.Equal(DateTimeOffset.Parse("2026-03-01T12:00:05Z", System.Globalization.CultureInfo.InvariantCulture), BatchReader.Read(message)[1].SampledAt);
    }

    [Theory]
    [InlineData(Two, "3")]
    [InlineData("{}", "0")]
    [InlineData("{\"readings\":[{}]}", "1")]
    [InlineData("{\"readings\":5}", "5")]
    [InlineData("not json", "1")]
    public void What_is_no_batch_holds_no_reading(string body, string count) => Assert.Empty(BatchReader.Read(Batch(body, count, gzip: false)));

    [Fact]
    public void Bytes_that_are_not_compressed_although_they_should_be_hold_no_reading() =>
        Assert.Empty(BatchReader.Read(Batch(Two, "2", gzip: false) with { SystemProperties = new Dictionary<string, string?> { ["$.ce"] = "gzip" } }));

    private static ReceivedTelemetry Batch(string body, string count, bool gzip)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        using var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Optimal))
        {
            stream.Write(bytes);
        }
        return new ReceivedTelemetry
        {
            DeviceId = "d",
            EnqueuedTime = default,
            SystemProperties = new Dictionary<string, string?> { ["$.ce"] = gzip ? "gzip" : "utf-8" },
            ApplicationProperties = new Dictionary<string, string?> { ["batch"] = count },
            Annotations = new Dictionary<string, string>(),
            Body = gzip ? packed.ToArray() : bytes,
        };
    }
}
