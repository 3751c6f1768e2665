using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;

namespace Node.HubClient.Tests.Interop;

/// <summary>The client against the hub emulator, which shares no code with it, over real MQTT and TLS.</summary>
public sealed class LocalHubTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly List<ConnectionStatusChange> _statuses = [];
    private LocalHub _hub = null!;
    private ServiceCalls _service = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await LocalHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice("pi:01#a+b%", null)] }, TestContext.Current.CancellationToken);
        _service = new ServiceCalls(_hub);
    }

    public async ValueTask DisposeAsync()
    {
        _service.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public void Telemetry_arrives_in_order_with_its_properties()
    {
        using IotHubClientLL client = Client();
        int confirmed = 0;
        for (int number = 0; number < 500; number++)
        {
            var message = new TelemetryMessage(Encoding.UTF8.GetBytes($"{{\"n\":{number}}}"))
            {
                MessageId = $"boot-{number}",
                ContentType = "application/json",
                ContentEncoding = "utf-8",
                ComponentName = "climate",
                CreationTime = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
            };
            message.Properties.Add(new("path", "/x/y?z#w&=+ °é"));
            client.SendEvent(message, (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
        }

        Work(client, () => confirmed == 500);

        IReadOnlyList<ReceivedTelemetry> received = _hub.Telemetry.Snapshot();
        Assert.Equal(Enumerable.Range(0, 500).Select(number => $"boot-{number}"), received.Select(message => message.MessageId));
        Assert.All(received, message => Assert.Equal("/x/y?z#w&=+ °é", message.ApplicationProperties["path"]));
        Assert.Equal("climate", received[0].Annotations["dt-subject"]?.ToString());
    }

    [Fact]
    public void A_wrong_key_is_told_as_such()
    {
        string wrong = _hub.DeviceConnectionString("pi:01#a+b%").Split("SharedAccessKey=")[0] + "SharedAccessKey=" + Convert.ToBase64String(new byte[32]);
        using IotHubClientLL client = Client(wrong);

        Work(client, () => _statuses.Count > 0);

        Assert.Equal((ConnectionStatusReason.BadCredential, 5), (_statuses[0].Reason, _statuses[0].RawCode));
    }

    [Fact]
    public async Task Desired_properties_come_as_snapshot_and_patches_and_reported_ones_are_stored()
    {
        using IotHubClientLL client = Client();
        var updates = new List<JsonNode>();
        int reported = 0;
        client.SetDeviceTwinCallback((state, json, _) => updates.Add(JsonNode.Parse(json)!));
        client.SendReportedState("""{"climate":{"__t":"c","interval":"PT5S"}}"""u8, (status, _) => reported = status);
        Work(client, () => updates.Count == 1 && reported == 204);

        await DoWorkWhile(client, _service.SendAsync(HttpMethod.Patch, Twin, JsonNode.Parse("""{"properties":{"desired":{"climate":{"interval":"PT1S"}}}}""")));
        Work(client, () => updates.Count == 2);
        JsonNode twin = await DoWorkWhile(client, _service.SendAsync(HttpMethod.Get, Twin));

        Assert.Equal("PT1S", updates[1]["climate"]!["interval"]!.GetValue<string>());
        Assert.Equal("PT5S", twin["properties"]!["reported"]!["climate"]!["interval"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_direct_method_is_answered_at_once_or_later()
    {
        using IotHubClientLL client = Client();
        client.SetDeviceMethodCallbackEx((request, _) => client.DeviceMethodResponse(request, new MethodResponse(202, request.Call.Payload)));
        Work(client, () => _statuses.Count > 0);

        JsonNode answer = await DoWorkWhile(client, _service.SendAsync(HttpMethod.Post, Twin + "/methods", JsonNode.Parse("""{"methodName":"led*toggle","payload":{"a":[1]}}""")));

        Assert.Equal("""{"status":202,"payload":{"a":[1]}}""", answer.ToJsonString());
    }

    [Fact]
    public async Task An_outage_loses_nothing()
    {
        using IotHubClientLL client = Client();
        int confirmed = 0;
        Work(client, () => _statuses.Count > 0);
        await _hub.StopListeningAsync();
        for (int number = 0; number < 200; number++)
        {
            client.SendEvent(new TelemetryMessage(default) { MessageId = $"m-{number}" }, (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
            client.DoWork();
        }

        Work(client, () => _statuses.Count >= 3);
        await _hub.ResumeListeningAsync();
        Work(client, () => confirmed == 200);

        Assert.Equal(200, _hub.Telemetry.DistinctMessageIds);
        Assert.Contains(_statuses, change => change.Reason is ConnectionStatusReason.NoNetwork);
    }

    [Fact]
    public void A_token_is_renewed_while_telemetry_flows_and_nothing_is_lost_or_repeated()
    {
        using IotHubClientLL client = Client(options: new HubClientOptions { SasTokenLifetime = TimeSpan.FromSeconds(5) });
        int confirmed = 0;
        int sent = 0;
        Work(client, () =>
        {
            if (sent - confirmed < 50 && _statuses.Count(change => change.Status is ConnectionStatus.Authenticated) < 2)
            {
                client.SendEvent(new TelemetryMessage(default) { MessageId = $"m-{sent++}" }, (result, _) => confirmed += result is SendConfirmation.Ok ? 1 : 0);
            }

            return confirmed == sent && _statuses.Count(change => change.Status is ConnectionStatus.Authenticated) == 2;
        });

        Assert.Equal(sent, _hub.Telemetry.DistinctMessageIds);
        Assert.Equal(sent, _hub.Telemetry.Received);
        Assert.Equal(
            [ConnectionStatusReason.Ok, ConnectionStatusReason.ExpiredSasToken, ConnectionStatusReason.Ok],
            _statuses.Select(change => change.Reason));
    }

    private static string Twin => "/twins/" + Uri.EscapeDataString("pi:01#a+b%");

    private static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }

    private static async Task<T> DoWorkWhile<T>(IotHubClientLL client, Task<T> pending)
    {
        Work(client, () => pending.IsCompleted);
        return await pending;
    }

    private IotHubClientLL Client(string? identity = null, HubClientOptions? options = null)
    {
        IotHubClientLL client = IotHubClientLL.CreateFromConnectionString(
            identity ?? _hub.DeviceConnectionString("pi:01#a+b%"),
            (options ?? new HubClientOptions()) with { Port = _hub.MqttPort, TrustedRootsPem = File.ReadAllText(_hub.CaFile) });
        client.SetConnectionStatusCallback((change, _) => _statuses.Add(change));
        return client;
    }
}
