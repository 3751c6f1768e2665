using System.Text;
using HubEmulator;

namespace Node.HubClient.Tests.Interop;

/// <summary>Provisioning, upload, WebSocket, cloud-to-device messages and modules against the hub emulator, which shares no code with the client.</summary>
public sealed class LocalHubServicesTests : IAsyncLifetime
{
    private const string GroupKey = "Z3JvdXAga2V5IG9mIHRoZSB0ZXN0cywgMzIgYnl0ZXM=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly List<ConnectionStatusChange> _statuses = [];
    private LocalHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await LocalHub.StartAsync(
        new LocalHubOptions
        {
            Devices = [new LocalDevice("dev1", null)],
            EnrolmentGroups = new Dictionary<string, string> { ["fleet"] = GroupKey },
            Enrolments = [new LocalEnrolment("sn-single", GroupKey) { DeviceId = "pump-7", Payload = """{"site":"north"}""" }, new LocalEnrolment("sn-off", GroupKey) { Enabled = false }],
        },
        TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Theory]
    [InlineData(HubProtocol.Mqtt)]
    [InlineData(HubProtocol.MqttWebSocket)]
    public void Telemetry_flows_over_either_protocol(HubProtocol protocol)
    {
        using IotHubClientLL client = Client(Options with { Protocol = protocol });
        int confirmed = 0;
        for (int number = 0; number < 300; number++)
        {
            client.SendEvent(new TelemetryMessage(new byte[number * 100]) { MessageId = $"m-{number}" }, (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
        }

        Work(client, () => confirmed == 300);

        Assert.Equal(Enumerable.Range(0, 300).Select(number => $"m-{number}"), _hub.Telemetry.Snapshot().Select(message => message.MessageId));
        Assert.Equal(ConnectionStatus.Authenticated, Assert.Single(_statuses).Status);
    }

    [Theory]
    [InlineData(HubProtocol.Mqtt)]
    [InlineData(HubProtocol.MqttWebSocket)]
    public void A_device_of_a_group_registers_and_connects(HubProtocol protocol)
    {
        HubClientOptions options = Options with { Protocol = protocol };
        _hub.Provisioning.PendingAnswers = 2;
        _hub.Provisioning.RetryAfterSeconds = 1;
        DpsResult result = Register(new DpsConfig { HostName = _hub.HostName, IdScope = _hub.IdScope, RegistrationId = "sn-007", GroupKey = GroupKey }, options);

        Assert.Equal((DpsStatus.Assigned, _hub.HostName, "sn-007"), (result.Status, result.AssignedHub, result.DeviceId));
        Assert.Equal(0, _hub.Provisioning.EarlyPolls);
        using IotHubClientLL client = Watched(IotHubClientLL.Create(result.ToDeviceConfig(), options));
        Work(client, () => _statuses.Count > 0);

        Assert.Equal(ConnectionStatus.Authenticated, _statuses[0].Status);
    }

    [Fact]
    public void A_single_enrolment_may_give_another_device_id_and_a_payload()
    {
        DpsResult result = Register(new DpsConfig { HostName = _hub.HostName, IdScope = _hub.IdScope, RegistrationId = "sn-single", SymmetricKey = GroupKey }, Options);

        Assert.Equal((DpsStatus.Assigned, "pump-7", """{"site":"north"}"""), (result.Status, result.DeviceId, result.PayloadJson));
    }

    [Theory]
    [InlineData("sn-off", GroupKey, DpsStatus.Disabled)]
    [InlineData("sn-single", "d3Jvbmcga2V5", DpsStatus.Refused)]
    [InlineData("stranger", "d3Jvbmcga2V5", DpsStatus.Refused)]
    public void What_may_not_register_is_told_why(string id, string key, DpsStatus expected)
    {
        DpsResult result = Register(new DpsConfig { HostName = _hub.HostName, IdScope = _hub.IdScope, RegistrationId = id, SymmetricKey = key }, Options);

        Assert.Equal(expected, result.Status);
        Assert.NotEmpty(result.Detail);
    }

    [Fact]
    public void A_throttled_registration_comes_through()
    {
        _hub.Provisioning.ThrottleNext(2, retryAfterSeconds: 1);

        DpsResult result = Register(new DpsConfig { HostName = _hub.HostName, IdScope = _hub.IdScope, RegistrationId = "sn-008", GroupKey = GroupKey }, Options);

        Assert.Equal(DpsStatus.Assigned, result.Status);
    }

    [Fact]
    public async Task A_blob_of_many_blocks_arrives_whole_and_the_hub_is_told()
    {
        using IotHubClientLL client = Client(Options);
        byte[] content = new byte[(9 << 20) + 123];
        new Random(1).NextBytes(content);

        Task<FileUpload> upload = client.UploadToBlobAsync("logs/ä b.bin", content, cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => upload.IsCompleted);
        FileUpload finished = await upload;

        Assert.Equal((FileUploadResult.Ok, 3, content.Length), (finished.Result, finished.StoredBlocks, finished.StoredBytes));
        FinishedUpload told = Assert.Single(_hub.Uploads.Snapshot());
        Assert.Equal((true, 200, "dev1/logs/ä b.bin", (long?)content.Length), (told.IsSuccess, told.StatusCode, told.BlobName, told.SizeBytes));
        Assert.Contains(Directory.EnumerateFiles(Path.GetDirectoryName(_hub.HubFile)!, "*", SearchOption.AllDirectories), file => File.ReadAllBytes(file).AsSpan().SequenceEqual(content));
    }

    [Fact]
    public async Task A_store_that_fails_for_a_while_costs_a_wait_and_nothing_else()
    {
        using IotHubClientLL client = Client(Options);
        _hub.FailStorageRequests(2, 503);

        Task<FileUpload> upload = client.UploadToBlobAsync("x", new byte[100_000], cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => upload.IsCompleted);

        Assert.Equal(FileUploadResult.Ok, (await upload).Result);
        Assert.True(Assert.Single(_hub.Uploads.Snapshot()).IsSuccess);
    }

    [Fact]
    public async Task Blocks_of_a_callback_are_streamed_and_an_abort_frees_the_slot()
    {
        using IotHubClientLL client = Client(Options);
        for (int upload = 0; upload < 12; upload++) // The hub allows ten in progress: an abort that were not told would stop the eleventh.
        {
            int calls = 0;
            string? end = null;
            client.UploadMultipleBlocksToBlobEx("part", (told, _) =>
            {
                end = told.IsFinished ? told.Detail : null;
                told.SetBlock(new byte[1_000]);
                return ++calls == 3 ? FileUploadGetDataResult.Abort : FileUploadGetDataResult.Ok;
            });
            Work(client, () => end is not null);
            Assert.Equal("aborted by the application", end);
        }

        Task<FileUpload> whole = client.UploadToBlobAsync("whole", new byte[10], cancellationToken: TestContext.Current.CancellationToken);
        Work(client, () => whole.IsCompleted);

        Assert.Equal(FileUploadResult.Ok, (await whole).Result);
        Assert.Equal([.. Enumerable.Repeat((false, 400), 12), (true, 200)], _hub.Uploads.Snapshot().Select(told => (told.IsSuccess, told.StatusCode)));
    }

    [Fact]
    public async Task An_upload_does_not_hold_up_telemetry()
    {
        using IotHubClientLL client = Client(Options);
        Work(client, () => _statuses.Count > 0);
        Task<FileUpload> upload = client.UploadToBlobAsync("big", new byte[20 << 20], cancellationToken: TestContext.Current.CancellationToken);
        int during = 0;
        Work(client, () =>
        {
            client.SendEvent(new TelemetryMessage(new byte[100]), (_, _) => during += upload.IsCompleted ? 0 : 1);
            return upload.IsCompleted;
        });

        Assert.Equal(FileUploadResult.Ok, (await upload).Result);
        Assert.True(during > 10, $"{during} confirmations while the upload ran");
    }

    [Fact]
    public void Cloud_to_device_messages_arrive_whole_and_what_is_abandoned_comes_again()
    {
        using IotHubClientLL client = Client(Options);
        var received = new List<C2dMessage>();
        client.SetMessageCallback((message, _) =>
        {
            received.Add(message);
            return received.Count == 3 ? MessageDisposition.Abandoned : MessageDisposition.Accepted;
        });
        Work(client, () => _statuses.Count > 0);
        for (int number = 1; number <= 3; number++)
        {
            Assert.True(_hub.TrySendMessage("dev1", new HubEmulator.C2dMessage
            {
                Body = Encoding.UTF8.GetBytes($"body {number}"),
                MessageId = $"m:{number}",
                CorrelationId = "c+=",
                Properties = [new("colour", "grün #1")],
            }));
        }

        Work(client, () => received.Count == 3);
        client.SetCredential(new DeviceConfig { HostName = _hub.HostName, DeviceId = "dev1", SharedAccessKey = _hub.DeviceConnectionString("dev1").Split("SharedAccessKey=")[1] });
        Work(client, () => received.Count == 4);

        Assert.Equal(["m:1", "m:2", "m:3", "m:3"], received.Select(message => message.MessageId));
        Assert.Equal(("body 3", "c+=", "grün #1"), (Encoding.UTF8.GetString(received[3].Body.Span), received[3].CorrelationId, received[3].Properties.Single(property => property.Key == "colour").Value));
    }

    [Fact]
    public void A_clock_that_is_hours_off_is_told_apart_from_a_wrong_key()
    {
        using IotHubClientLL client = Client(Options with { TimeProvider = new SkewedTime(TimeSpan.FromHours(-3)) });

        Work(client, () => _statuses.Count == 2);

        Assert.Equal([ConnectionStatusReason.BadCredential, ConnectionStatusReason.BadCredential], _statuses.Select(change => change.Reason));
        Assert.InRange(_statuses[1].ClockSkew!.Value, TimeSpan.FromMinutes(179), TimeSpan.FromMinutes(181));
    }

    [Fact]
    public void Two_clients_with_one_identity_notice_each_other_and_back_off()
    {
        using IotHubClientLL one = Client(Options);
        using IotHubClientLL other = Client(Options);

        Work(one, () =>
        {
            other.DoWork();
            return _statuses.Any(change => change.SuspectsTakeover);
        });

        Assert.True(_statuses.Last(change => change.SuspectsTakeover).RetryIn > TimeSpan.FromSeconds(13));
    }

    [Fact]
    public void They_notice_each_other_while_both_send_without_a_pause()
    {
        using IotHubClientLL one = Client(Options);
        using IotHubClientLL other = Client(Options);

        Work(one, () =>
        {
            KeepSending(one);
            KeepSending(other);
            other.DoWork();
            return _statuses.Any(change => change.SuspectsTakeover);
        });

        Assert.True(_statuses.Last(change => change.SuspectsTakeover).RetryIn > TimeSpan.FromSeconds(13));

        static void KeepSending(IotHubClientLL client)
        {
            client.GetSendStatus(out SendStatus status);
            for (int message = 0; message < 200 && status is SendStatus.Idle; message++)
            {
                client.SendEvent(new TelemetryMessage(new byte[2_000]));
            }
        }
    }

    private HubClientOptions Options => new()
    {
        Port = _hub.MqttPort,
        HttpsPort = _hub.HttpsPort,
        TrustedRootsPem = File.ReadAllText(_hub.CaFile),
    };

    private static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }

    private static DpsResult Register(DpsConfig config, HubClientOptions options)
    {
        using DpsClient client = DpsClient.Create(config, options);
        DpsResult? result = null;
        client.Register((ended, _) => result = ended);
        long start = TimeProvider.System.GetTimestamp();
        while (result is null)
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }

        return result;
    }

    private IotHubClientLL Client(HubClientOptions options) => Watched(IotHubClientLL.CreateFromConnectionString(_hub.DeviceConnectionString("dev1"), options));

    private IotHubClientLL Watched(IotHubClientLL client)
    {
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }

    private sealed class SkewedTime(TimeSpan skew) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + skew;
    }
}
