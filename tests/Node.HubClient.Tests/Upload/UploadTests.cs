using System.Text;
using Node.HubClient.Tests.Support;
using Node.HubClient.Upload;

namespace Node.HubClient.Tests.Upload;

/// <summary>Uploads on a scripted channel and a virtual clock.</summary>
public sealed class UploadTests : IDisposable
{
    private const string Address =
        """{"correlationId":"c-1","hostName":"acct.blob.core.windows.net","containerName":"uploads","blobName":"dev1/a b/ü.txt","sasToken":"?sv=1&sig=x%2By"}""";

    private const string Target = "/uploads/dev1/a%20b/%C3%BC.txt?sv=1&sig=x%2By";
    private readonly ClientRig _rig = new();
    private readonly ScriptedChannel _channel = new();
    private readonly List<(bool Finished, FileUploadResult Result, string Detail)> _told = [];

    public UploadTests() => _rig.Client.HttpChannels = () => _channel;

    [Fact]
    public void A_whole_goes_through_all_five_steps()
    {
        Assert.Equal(IotHubClientResult.Ok, _rig.Client.UploadToBlob("a b/ü.txt", "hello"u8.ToArray(), Tell));
        Answers((200, Address), (201, ""), (201, ""), (204, ""));

        Work();

        Assert.Equal(
            [
                "POST contoso.azure-devices.net:443/devices/dev1/files?api-version=2020-09-30",
                $"PUT acct.blob.core.windows.net:443{Target}&comp=block&blockid=ICAgICAw",
                $"PUT acct.blob.core.windows.net:443{Target}&comp=blocklist",
                "POST contoso.azure-devices.net:443/devices/dev1/files/notifications?api-version=2020-09-30",
            ],
            _channel.Lines);
        Assert.Equal("hello"u8.ToArray(), _channel.Requests[1].Body);
        Assert.Equal("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<BlockList><Latest>ICAgICAw</Latest></BlockList>", Encoding.UTF8.GetString(_channel.Requests[2].Body));
        Assert.Equal((true, FileUploadResult.Ok, ""), Assert.Single(_told));
    }

    [Fact]
    public void Only_the_hub_gets_the_token()
    {
        _rig.Client.UploadToBlob("x", new byte[1]);
        Answers((200, Address), (201, ""), (201, ""), (204, ""));

        Work();

        Assert.Equal([true, false, false, true], _channel.Requests.Select(sent => sent.Request.Authorization?.StartsWith("SharedAccessSignature sr=", StringComparison.Ordinal) == true));
    }

    [Fact]
    public void Q02_a_success_is_reported_as_200()
    {
        _rig.Client.UploadToBlob("x", new byte[1]);
        Answers((200, Address), (201, ""), (201, ""), (204, ""));

        Work();

        Assert.Equal("""{"correlationId":"c-1","isSuccess":true,"statusCode":200,"statusDescription":""}""", _channel.LastBody);
    }

    [Fact]
    public void Q01_blocks_of_a_callback_end_in_a_success()
    {
        int block = 0;
        _rig.Client.UploadMultipleBlocksToBlob("x", (upload, context) =>
        {
            Tell(upload, context);
            upload.SetBlock(block < 3 ? new byte[++block] : default);
        });
        Answers((200, Address), (201, ""), (201, ""), (201, ""), (201, ""), (204, ""));

        Work();

        Assert.Equal([1, 2, 3], _channel.Requests.Skip(1).Take(3).Select(sent => sent.Body.Length));
        Assert.Contains("\"isSuccess\":true", _channel.LastBody, StringComparison.Ordinal);
        Assert.Equal([false, false, false, false, true], _told.Select(told => told.Finished));
        Assert.Equal(FileUploadResult.Ok, _told[^1].Result);
    }

    [Theory]
    [InlineData("a\"b", "{\"blobName\":\"a\\u0022b\"}")]
    [InlineData("a\\b\n", "{\"blobName\":\"a\\\\b\\n\"}")]
    public void Q34_a_blob_name_is_escaped(string name, string expected)
    {
        _rig.Client.UploadToBlob(name, new byte[1]);

        _rig.Client.DoWork();

        Assert.Equal(expected, _channel.LastBody);
    }

    [Fact]
    public void A_whole_is_cut_into_blocks_of_4_MiB()
    {
        _rig.Client.UploadToBlob("x", new byte[(9 << 20) + 1]);
        Answers((200, Address), (201, ""), (201, ""), (201, ""), (201, ""), (204, ""));

        Work();

        Assert.Equal([4 << 20, 4 << 20, (1 << 20) + 1], _channel.Requests.Skip(1).Take(3).Select(sent => sent.Body.Length));
    }

    [Fact]
    public void An_empty_whole_is_refused_and_asks_the_hub_for_nothing()
    {
        IotHubClientResult result = _rig.Client.UploadToBlob("x", default, Tell);

        Work();

        Assert.Equal(IotHubClientResult.Error, result);
        Assert.Empty(_channel.Requests);
        Assert.Empty(_told);
    }

    [Fact]
    public void An_abort_stores_nothing_and_tells_the_hub()
    {
        int calls = 0;
        _rig.Client.UploadMultipleBlocksToBlobEx("x", (upload, context) =>
        {
            Tell(upload, context);
            upload.SetBlock(new byte[10]);
            return ++calls == 2 ? FileUploadGetDataResult.Abort : FileUploadGetDataResult.Ok;
        });
        Answers((200, Address), (201, ""), (204, ""));

        Work();

        Assert.DoesNotContain(_channel.Lines, line => line.Contains("blocklist", StringComparison.Ordinal));
        Assert.Equal("""{"correlationId":"c-1","isSuccess":false,"statusCode":400,"statusDescription":"aborted by the application"}""", _channel.LastBody);
        Assert.Equal((true, FileUploadResult.Error, "aborted by the application"), _told[^1]);
        Assert.Single(_told, told => told.Finished);
    }

    [Fact]
    public void A_callback_that_throws_aborts()
    {
        _rig.Client.UploadMultipleBlocksToBlob("x", (_, _) => throw new InvalidOperationException("no file"));
        Answers((200, Address), (204, ""));

        Work();

        Assert.Contains("\"isSuccess\":false", _channel.LastBody, StringComparison.Ordinal);
    }

    [Fact]
    public void A_block_is_repeated_after_a_wait_that_grows()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Answers((200, Address), (503, ""), (0, ""), (201, ""), (201, ""), (204, ""));

        Work();
        Assert.Equal(2, _channel.Requests.Count);
        _rig.Advance(TimeSpan.FromSeconds(1));
        Work();
        Assert.Equal(3, _channel.Requests.Count);
        _rig.Advance(TimeSpan.FromSeconds(1.9));
        Work();
        Assert.Equal(3, _channel.Requests.Count);
        _rig.Advance(TimeSpan.FromSeconds(0.1));
        Work();

        Assert.Equal(_channel.Lines.ElementAt(1), _channel.Lines.ElementAt(3));
        Assert.Equal(7, _channel.Requests[3].Body.Length);
        Assert.Equal((true, FileUploadResult.Ok, ""), Assert.Single(_told));
    }

    [Fact]
    public void A_service_that_asks_for_more_time_gets_it()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        _channel.Answer(429, "", TimeSpan.FromSeconds(30));
        Answers((200, Address), (201, ""), (201, ""), (204, ""));

        Work();
        _rig.Advance(TimeSpan.FromSeconds(29));
        Work();
        Assert.Single(_channel.Requests);
        _rig.Advance(TimeSpan.FromSeconds(1));
        Work();

        Assert.Equal(FileUploadResult.Ok, Assert.Single(_told).Result);
    }

    [Fact]
    public void A_block_that_is_refused_for_good_ends_the_upload_and_the_hub_knows()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Answers((200, Address), (403, "<Code>AuthenticationFailed</Code>"), (204, ""));

        Work();

        Assert.Contains("\"isSuccess\":false,\"statusCode\":400", _channel.LastBody, StringComparison.Ordinal);
        Assert.Equal("a block was not stored: status 403: <Code>AuthenticationFailed</Code>", Assert.Single(_told).Detail);
    }

    [Fact]
    public void After_five_attempts_it_is_over()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Answers((200, Address), (500, ""), (500, ""), (500, ""), (500, ""), (500, ""), (204, ""));

        for (int second = 0; second < 20; second++)
        {
            _rig.Advance(TimeSpan.FromSeconds(1));
            Work();
        }

        Assert.Equal(5, _channel.Lines.Count(line => line.Contains("blockid", StringComparison.Ordinal)));
        Assert.Equal(FileUploadResult.Error, Assert.Single(_told).Result);
    }

    [Theory]
    [InlineData(401, "{\"Message\":\"ErrorCode:IotHubUnauthorizedAccess\"}", "the hub gave no address: status 401: {\"Message\":\"ErrorCode:IotHubUnauthorizedAccess\"}")]
    [InlineData(200, "[]", "the hub's answer holds no address of a blob")]
    [InlineData(200, "{\"correlationId\":1}", "the hub's answer holds no address of a blob")]
    [InlineData(200, "", "the hub's answer holds no address of a blob")]
    public void An_upload_that_cannot_begin_is_told_to_its_callback(int status, string body, string expected)
    {
        _rig.Client.UploadMultipleBlocksToBlob("x", Tell);
        Answers((status, body));

        Work();

        Assert.Equal((true, FileUploadResult.Error, expected), Assert.Single(_told));
        Assert.Single(_channel.Requests);
    }

    [Fact]
    public void A_notification_that_fails_makes_the_upload_fail()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Answers((200, Address), (201, ""), (201, ""), (400, "gone"));

        Work();

        Assert.Equal((true, FileUploadResult.Error, "the hub was not told the end: status 400: gone"), Assert.Single(_told));
    }

    [Fact]
    public void Dispose_ends_an_upload_with_an_error()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Work();

        _rig.Client.Dispose();

        Assert.Equal((true, FileUploadResult.Error, "the client was disposed"), Assert.Single(_told));
        Assert.True(_channel.IsDisposed);
    }

    [Fact]
    public void Ten_uploads_at_a_time()
    {
        _rig.Client.HttpChannels = () => new ScriptedChannel();
        for (int upload = 0; upload < 10; upload++)
        {
            Assert.Equal(IotHubClientResult.Ok, _rig.Client.UploadToBlob("x", new byte[1]));
        }

        Assert.Equal(IotHubClientResult.QueueFull, _rig.Client.UploadToBlob("x", new byte[1]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1_025)]
    public void A_name_of_a_wrong_length_is_refused(int length) =>
        Assert.Equal(IotHubClientResult.InvalidArg, _rig.Client.UploadToBlob(new string('x', length), new byte[1]));

    [Fact]
    public void A_turn_says_when_an_upload_needs_the_next_one()
    {
        _rig.Client.UploadToBlob("x", new byte[7], Tell);
        Assert.True(_rig.Client.DoWork().AwaitingAnswers);
        _channel.Answer(503);

        WorkStatus waiting = _rig.Client.DoWork();

        Assert.InRange(waiting.NextDue, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
    }

    [Theory]
    [InlineData("127.0.0.1:10000/devstoreaccount1", "127.0.0.1", 10000, "/devstoreaccount1/uploads/b?s=1")]
    [InlineData("acct.blob.core.windows.net", "acct.blob.core.windows.net", 443, "/uploads/b?s=1")]
    [InlineData("[::1]:8443", "::1", 8443, "/uploads/b?s=1")]
    public void An_address_may_hold_a_port_and_a_path(string hostName, string host, int port, string target)
    {
        string json = $$"""{"correlationId":"c","hostName":"{{hostName}}","containerName":"uploads","blobName":"b","sasToken":"?s=1"}""";

        Assert.True(UploadMessages.TryReadAddress(Encoding.UTF8.GetBytes(json), out UploadAddress? address));

        Assert.Equal(new UploadAddress("c", host, port, target), address);
    }

    [Fact]
    public void Block_ids_are_those_of_the_reference()
    {
        Assert.Equal(["ICAgICAw", "ICAgICA5", "ICAgIDEw", "IDQ5OTk5"], ((int[])[0, 9, 10, 49_999]).Select(UploadMessages.BlockId));
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public void What_an_uploads_callback_sends_leaves_in_the_same_turn()
    {
        _rig.Connect();
        _rig.Client.UploadToBlob("x", new byte[1], (_, _) => _rig.Send("uploaded"));
        Answers((404, ""));

        _rig.Client.DoWork();

        Assert.Equal(["uploaded"], _rig.PublishedPayloads);
    }

    [Fact]
    public void Dispose_within_one_uploads_callback_asks_no_other_for_a_block()
    {
        _rig.Client.HttpChannels = () =>
        {
            var channel = new ScriptedChannel();
            channel.Answer(200, Address);
            return channel;
        };
        var asked = new List<string>();
        _rig.Client.UploadMultipleBlocksToBlob("first", (upload, _) =>
        {
            asked.Add($"first {upload.IsFinished}");
            _rig.Client.Dispose();
        });
        _rig.Client.UploadMultipleBlocksToBlob("second", (upload, _) => asked.Add($"second {upload.IsFinished}"));

        _rig.Client.DoWork();

        Assert.Equal(["first False", "first True", "second True"], asked);
    }

    private void Tell(FileUpload upload, object? context) => _told.Add((upload.IsFinished, upload.Result, upload.Detail));

    private void Answers(params (int Status, string Body)[] answers)
    {
        foreach ((int status, string body) in answers)
        {
            _channel.Answer(status, body);
        }
    }

    private void Work()
    {
        for (int turn = 0; turn < 20; turn++)
        {
            _rig.Client.DoWork();
        }
    }
}
