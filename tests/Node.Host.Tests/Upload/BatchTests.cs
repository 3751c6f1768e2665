using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Spool;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Upload;

public sealed class BatchTests
{
    private static readonly UploadOptions FiveOrAMinute = new() { BatchCount = 5, BatchDelay = TimeSpan.FromMinutes(1) };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_batch_goes_out_at_once_and_keeps_what_is_known_of_each_reading()
    {
        using TestNode node = Make(FiveOrAMinute);
        node.Connect();
        for (int i = 0; i < 5; i++)
        {
            node.Chips["climate"].Celsius = 20 + i;
            await node.SampleAsync(Cancelled);
            node.Loop.Turn();
            node.Time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(i < 4 ? 0 : 1, node.Client.Sent.Count);
        }

        TelemetryMessage batch = Assert.Single(node.Client.Sent);
        Assert.Equal(("boot1-1.5.5", "application/json", "utf-8", "climate", TestNode.Start),
            (batch.MessageId, batch.ContentType, batch.ContentEncoding, batch.ComponentName, batch.CreationTime));
        Assert.Equal([new("seq", "1"), new("boot", "boot1"), new("batch", "5"), new("lastSeq", "5")], batch.Properties);
        JsonArray readings = Readings(batch);
        Assert.Equal([1, 2, 3, 4, 5], readings.Select(reading => (int)reading!["seq"]!));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""
            {"id":"boot1-2","seq":2,"time":"2026-03-01T12:00:05.000Z","timeSynced":true,"quality":"good","values":{"temperature":21,"pressure":100.65}}
            """), readings[1]), readings[1]!.ToJsonString());
    }

    [Fact]
    public async Task An_unfilled_batch_waits_no_longer_than_the_delay()
    {
        using TestNode node = Make(FiveOrAMinute);
        node.Connect();
        await node.SampleAsync(Cancelled);
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();

        node.Time.Advance(TimeSpan.FromSeconds(59));
        node.Loop.Turn();
        Assert.Empty(node.Client.Sent);
        node.Time.Advance(TimeSpan.FromSeconds(1));
        node.Loop.Turn();

        Assert.Equal(2, Readings(Assert.Single(node.Client.Sent)).Count);
    }

    [Fact]
    public async Task The_confirmation_of_a_batch_confirms_each_reading_and_its_failure_none()
    {
        using TestNode node = Make(FiveOrAMinute);
        await SampleManyAsync(node, 5);
        node.Connect();
        node.Client.EndTelemetry(SendConfirmation.Error);
        node.Loop.Turn();
        await node.Spool.FlushAsync(Cancelled);
        Assert.Equal(5, node.Spool.Statistics.Depth);
        node.Loop.Turn();

        node.Client.EndTelemetry(SendConfirmation.Ok);
        node.Loop.Turn();
        await node.Spool.FlushAsync(Cancelled);

        Assert.Equal(["boot1-1.5.5", "boot1-1.5.5"], node.Client.Sent.Select(message => message.MessageId));
        Assert.Equal((0, 5, 10), (node.Spool.Statistics.Depth, node.Loop.Telemetry.Confirmed, node.Loop.Telemetry.Sent));
    }

    [Fact]
    public async Task What_was_stored_before_the_hub_came_waits_for_no_company()
    {
        using TestNode node = Make(FiveOrAMinute);
        await SampleManyAsync(node, 7);

        node.Connect();

        Assert.Equal([5, 2], node.Client.Sent.Select(message => Readings(message).Count));
    }

    [Fact]
    public async Task Each_component_has_batches_of_its_own_and_a_lone_reading_goes_as_if_there_were_none()
    {
        using var node = new TestNode(null, ["one", "two"], null, null, new UploadOptions { BatchCount = 3, BatchDelay = TimeSpan.FromMinutes(1) });
        node.Connect();
        await node.SampleAsync(Cancelled);
        await node.Sensors.Channels[0].SampleAsync(Cancelled);
        await node.Sensors.Channels[0].SampleAsync(Cancelled);
        await node.Spool.FlushAsync(Cancelled);
        node.Loop.Turn();
        node.Time.Advance(TimeSpan.FromMinutes(1));
        node.Loop.Turn();

        Assert.Equal(["one", "two"], node.Client.Sent.Select(message => message.ComponentName));
        Assert.Equal([1, 3, 4], Readings(node.Client.Sent[0]).Select(reading => (int)reading!["seq"]!));
        Assert.Equal("boot1-2", node.Client.Sent[1].MessageId);
        Assert.Equal("""{"temperature":21.5,"pressure":100.65}""", Encoding.UTF8.GetString(node.Client.Sent[1].Body.Span));
    }

    [Fact]
    public async Task An_alarm_is_never_batched_never_compressed_and_waits_for_nothing()
    {
        using TestNode node = Make(FiveOrAMinute with { Gzip = true });
        node.Connect();
        await node.SampleAsync(Cancelled);
        await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 1, Encoding.UTF8.GetBytes(new string(' ', 500) + "{}")), Cancelled);

        node.Loop.Turn();

        TelemetryMessage alarm = Assert.Single(node.Client.Sent);
        Assert.Equal(("boot1-2", "utf-8"), (alarm.MessageId, alarm.ContentEncoding));
        Assert.Contains(new KeyValuePair<string, string?>("alarm", "true"), alarm.Properties);
    }

    [Fact]
    public async Task A_batch_stays_within_its_bytes_and_far_below_what_the_hub_takes()
    {
        using TestNode node = Make(new UploadOptions { BatchCount = 500, BatchDelay = TimeSpan.FromDays(1), BatchBytes = 2_000 });
        node.Connect();

        await SampleManyAsync(node, 60);
        node.Loop.Turn();

        Assert.True(node.Client.Sent.Count >= 4);
        Assert.All(node.Client.Sent, message => Assert.InRange(message.Body.Length, 1_000, 2_000));
        int[] sequences = [.. node.Client.Sent.SelectMany(message => Readings(message)).Select(reading => (int)reading!["seq"]!)];
        Assert.Equal(Enumerable.Range(1, sequences.Length), sequences);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task A_body_never_exceeds_what_was_reckoned_for_it(int seed)
    {
        var random = new Random(seed);
        for (int round = 0; round < 200; round++)
        {
            SpooledMessage[] readings =
            [
                .. Enumerable.Range(0, random.Next(1, 20)).Select(_ => new SpooledMessage(
                    random.NextInt64(1, long.MaxValue), "boot1", "climate", TestNode.Start, random.Next(2) == 0, 0,
                    Encoding.UTF8.GetBytes($"{{\"x\":\"{new string('é', random.Next(200))}\"}}")) { Quality = "outOfRange" }),
            ];
            int reckoned = Node.Host.Upload.BatchBody.Frame + readings.Sum(Node.Host.Upload.BatchBody.SizeOf);

            Assert.InRange(Node.Host.Upload.BatchBody.Write(readings).Length, 1, reckoned);
        }

        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_compressed_body_says_so_and_unpacks_to_the_same()
    {
        using TestNode node = Make(FiveOrAMinute with { Gzip = true });
        using TestNode plain = Make(FiveOrAMinute);
        foreach (TestNode each in (TestNode[])[node, plain])
        {
            await SampleManyAsync(each, 5);
            each.Connect();
        }

        TelemetryMessage packed = Assert.Single(node.Client.Sent);
        using var gzip = new GZipStream(new MemoryStream(packed.Body.ToArray()), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        await gzip.CopyToAsync(unpacked, Cancelled);
        Assert.Equal(("application/json", "gzip"), (packed.ContentType, packed.ContentEncoding));
        Assert.Equal(plain.Client.Sent[0].Body.ToArray(), unpacked.ToArray());
        Assert.True(packed.Body.Length < plain.Client.Sent[0].Body.Length / 2);
    }

    [Fact]
    public async Task A_batch_that_the_service_finds_too_large_goes_out_reading_by_reading()
    {
        using TestNode node = Make(FiveOrAMinute);
        await SampleManyAsync(node, 5);
        node.Client.SizeLimit = 300;

        node.Connect();

        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"boot1-{i}"), node.Client.Sent.Select(message => message.MessageId));
        Assert.Equal(0, node.Loop.Telemetry.TooLarge);
    }

    [Fact]
    public async Task After_a_crash_in_the_middle_every_reading_is_sent_again_under_its_own_id()
    {
        using var folder = new TemporaryFolder();
        using (var crashed = new TestNode(folder, ["climate"], null, null, FiveOrAMinute))
        {
            await SampleManyAsync(crashed, 5);
            crashed.Connect(); // Sent, and never confirmed.
        }

        using var node = new TestNode(folder, ["climate"], null, null, FiveOrAMinute, "boot2");
        await node.SampleAsync(Cancelled);
        node.Connect();

        Assert.Equal(Enumerable.Range(1, 5).Select(i => $"boot1-{i}"), Readings(node.Client.Sent[0]).Select(reading => (string)reading!["id"]!));
        Assert.Equal("boot2-6", node.Client.Sent[1].MessageId);
    }

    [Fact]
    public async Task Batches_may_be_many_in_flight_and_a_new_reading_does_not_wait_behind_the_backlog()
    {
        using TestNode node = Make(FiveOrAMinute with { BatchDelay = TimeSpan.Zero });
        for (int i = 0; i < 3_000; i++)
        {
            await node.Spool.AppendAsync(new SpoolEntry("climate", TestNode.Start, true, 0, "{}"u8.ToArray()), Cancelled);
        }

        node.Connect();
        Assert.Equal(BacklogPace.Least * 5, node.Client.Sent.Sum(message => Readings(message).Count));
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();

        Assert.Equal("boot1-3001", node.Client.Sent[^1].MessageId);
    }

    [Fact]
    public async Task The_twin_switches_batching_on_and_off_and_refuses_what_cannot_be()
    {
        using TestNode node = Make(new UploadOptions());
        node.Connect("""{"batchCount":4,"batchDelay":"PT2M","batchBytes":8192,"compression":"gzip","$version":3}""");
        node.StoreReported();
        Assert.Equal((4, TimeSpan.FromMinutes(2), 8_192, true),
            (node.Upload.InForce.BatchCount, node.Upload.InForce.BatchDelay, node.Upload.InForce.BatchBytes, node.Upload.InForce.Gzip));
        await node.SampleAsync(Cancelled);
        node.Loop.Turn();
        Assert.Empty(node.Client.Sent);

        node.Patch("""{"batchCount":501,"compression":"zip","$version":4}""");
        node.StoreReported();
        JsonObject refused = node.Reported();
        node.Patch("""{"batchCount":null,"compression":null,"$version":5}""");

        Assert.Equal((400, 4, 4), ((int)refused["batchCount"]!["ac"]!, (int)refused["batchCount"]!["av"]!, (int)refused["batchCount"]!["value"]!));
        Assert.Equal("compression \"zip\" is not allowed; allowed is none or gzip", (string)refused["compression"]!["ad"]!);
        Assert.Equal(1, node.Upload.InForce.BatchCount);
        Assert.Single(node.Client.Sent);
    }

    [Theory, InlineData("2"), InlineData("2.0"), InlineData("2e0"), InlineData("0.2e1")]
    public void A_whole_number_is_taken_however_it_is_written(string number)
    {
        using TestNode node = Make(new UploadOptions());

        node.Connect($$"""{"batchCount":{{number}},"dailyBytes":{{number}},"$version":3}""");

        Assert.Equal((2, 2), (node.Upload.InForce.BatchCount, node.Upload.InForce.DailyBytes));
    }

    private static TestNode Make(UploadOptions options) => new(null, ["climate"], null, null, options);

    private static async Task SampleManyAsync(TestNode node, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await node.SampleAsync(Cancelled);
        }
    }

    private static JsonArray Readings(TelemetryMessage message) => JsonNode.Parse(message.Body.Span)!["readings"]!.AsArray();
}
