using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using HubEmulator.Faults;
using HubEmulator.Tests.Amqp;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

/// <summary>Faults that hit requests, are restricted to a protocol, or to a number of strikes.</summary>
public sealed class RequestFaultTests
{
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Theory, InlineData(400), InlineData(429), InlineData(503), InlineData(599)]
    public async Task A_refused_request_gets_the_status_with_an_empty_body_until_the_fault_is_ended(int status)
    {
        await using TestHub hub = await TestHub.StartAsync();
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { Status = status });

        using HttpResponseMessage refused = await hub.Http.GetAsync(new Uri("/devices/dev-01?api-version=2021-04-12", UriKind.Relative), TestContext.Current.CancellationToken);
        (HttpStatusCode own, _, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/faults");
        hub.Hub.TryEndFault(fault.Id);
        (HttpStatusCode after, _, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-01");

        Assert.Equal((status, ""), ((int)refused.StatusCode, await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (own, after));
        Assert.Equal(1, Assert.Single(hub.Hub.Faults).Strikes);
    }

    [Fact]
    public async Task A_text_is_in_the_body_and_only_the_named_device_and_so_many_requests_are_refused()
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { Status = 500, Text = "out of order", DeviceId = TestHub.DeviceId, Count = 2 });

        var seen = new List<HttpStatusCode>();
        string? text = null;
        foreach (string path in (string[])["/devices/dev-01", "/devices/dev-02", "/twins/dev-01", "/devices/dev-01"])
        {
            (HttpStatusCode status, JsonNode? body, _) = await hub.CallAsync(HttpMethod.Get, path);
            seen.Add(status);
            text ??= (string?)body?["Message"];
        }

        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.OK, HttpStatusCode.InternalServerError, HttpStatusCode.OK], seen);
        Assert.Equal("out of order", text);
        await hub.Hub.ConnectionEvents.WaitForAsync(one => one.Kind == HubEventKind.FaultEnded, TestContext.Current.CancellationToken);
        Assert.Equal((HubFaultState.Ended, 2), (hub.Hub.Faults[0].State, hub.Hub.Faults[0].Strikes)); // it has nothing left to do
    }

    [Fact]
    public async Task A_refused_upgrade_lets_mqtt_on_its_own_port_alone()
    {
        await using TestHub hub = await TestHub.StartAsync();
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { Status = 503, Protocols = HubFaultProtocols.WebSocket });

        WebSocketException refused = await Assert.ThrowsAsync<WebSocketException>(() => SocketConnection.OpenAsync(hub));
        await using TestDevice onItsPort = await hub.ConnectAsync();
        hub.Hub.TryEndFault(fault.Id);
        await using SocketConnection after = await SocketConnection.OpenAsync(hub);

        Assert.Contains("503", refused.Message, StringComparison.Ordinal);
        Assert.Equal("mqtt", after.SubProtocol);
    }

    [Theory, InlineData(HubFaultProtocols.Mqtt, "20020004", "20020000"), InlineData(HubFaultProtocols.WebSocket, "20020000", "20020004")]
    public async Task A_connect_is_refused_on_the_named_protocol_only(HubFaultProtocols protocol, string onMqtt, string onWebSocket)
    {
        await using TestHub hub = await TestHub.StartAsync();
        hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { ReturnCode = 4, Protocols = protocol });
        byte[] connect = Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(), clean: true);

        await using RawConnection raw = await RawConnection.OpenAsync(hub);
        await raw.SendAsync(connect);
        string first = Convert.ToHexString(await raw.ReceiveAsync(4));
        await using SocketConnection socket = await SocketConnection.OpenAsync(hub);
        await socket.SendAsync(connect);
        string second = Convert.ToHexString(await socket.ReceiveAsync(4));

        Assert.Equal((onMqtt, onWebSocket), (first, second));
    }

    [Fact]
    public async Task A_delayed_request_waits_for_its_time()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        hub.Hub.Play(new HubFault(HubFaultKind.Delay) { Protocols = HubFaultProtocols.Https, Lateness = TimeSpan.FromSeconds(2), Count = 1 });

        Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> late = hub.CallAsync(HttpMethod.Get, "/devices/dev-01");
        await hub.Hub.ConnectionEvents.WaitForAsync(one => one.Kind == HubEventKind.FaultEnded, TestContext.Current.CancellationToken); // it has come, and is held
        (HttpStatusCode next, _, _) = await hub.CallAsync(HttpMethod.Get, "/devices/dev-02");
        bool isLate = !late.IsCompleted;
        while (!late.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            await Task.Yield();
        }

        Assert.Equal(HttpStatusCode.OK, next);
        Assert.True(isLate);
        Assert.Equal(HttpStatusCode.OK, (await late).Status);
    }

    [Fact]
    public async Task A_drop_restricted_to_amqp_ends_services_and_spares_devices()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await using AmqpWire service = await AmqpWire.OpenAsync(hub);
        await service.SendAsync(AmqpWire.Opening());
        await service.ReceiveAsync(8 + 8); // The header, and the beginning of the answer to the opening: the hub knows the connection.

        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Drop) { Protocols = HubFaultProtocols.Amqp });
        await service.ReceiveToEndAsync();
        await device.PublishAsync("devices/dev-01/messages/events/");

        Assert.Equal((HubFaultState.Ended, 1), (fault.State, fault.Strikes));
        Assert.Equal(1, hub.Hub.Telemetry.Received);
    }

    [Fact]
    public async Task A_number_of_strikes_ends_a_fault_whose_effect_does_not_last()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { Count = 2, For = TimeSpan.FromHours(1) });

        var codes = new List<MQTTnet.MqttClientConnectResultCode>();
        for (int attempt = 0; attempt < 3; attempt++)
        {
            codes.Add(await TestDevice.RefusalAsync(hub.Options().Build()));
        }

        Assert.Equal([MQTTnet.MqttClientConnectResultCode.NotAuthorized, MQTTnet.MqttClientConnectResultCode.NotAuthorized, MQTTnet.MqttClientConnectResultCode.Success], codes);
        Assert.Equal((HubFaultState.Ended, 2), (hub.Hub.Faults[0].State, hub.Hub.Faults[0].Strikes));
    }

    [Fact]
    public async Task A_half_open_connection_lasts_beyond_its_one_strike_and_the_next_device_is_spared()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        await using RawConnection silent = await RawConnection.OpenAsync(hub);
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.HalfOpen) { Count = 1 });

        await silent.SendAsync(Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken()));
        while (hub.Hub.Faults[0].Strikes == 0)
        {
            await Task.Yield();
        }

        await using TestDevice spared = await hub.ConnectAsync();
        HubFaultState meanwhile = hub.Hub.Faults[0].State;
        hub.Hub.TryEndFault(fault.Id);

        Assert.Equal(HubFaultState.Active, meanwhile);
        Assert.Empty(await silent.ReceiveToEndAsync());
        Assert.Equal(MQTTnet.MqttClientConnectResultCode.Success, spared.Connected.ResultCode);
    }

    [Fact]
    public async Task Beginnings_and_ends_are_in_the_feed_with_number_kind_seed_and_strikes()
    {
        await using TestHub hub = await TestHub.StartAsync();
        HubFaultStatus fault = hub.Hub.Play(new HubFault(HubFaultKind.Delay) { DeviceId = TestHub.DeviceId, Seed = 7 });
        hub.Hub.Play(new HubFault(HubFaultKind.Drop));
        hub.Hub.TryEndFault(fault.Id);

        (_, JsonNode? feed, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/events");

        string[] told = [.. feed!.AsArray().Select(one => $"{one!["kind"]} {one["deviceId"]} {((string)one["detail"]!).Split(", until")[0]}")];
        Assert.Equal(
            ["fault-began dev-01 fault 1, delay, seed 7", "fault-began * fault 2, drop, seed 0", "fault-ended * fault 2, drop, struck 0 times", "fault-ended dev-01 fault 1, delay, struck 0 times"], told);
    }

    [Theory]
    [InlineData("/devices/a", "a")]
    [InlineData("/devices/a/messages/events", "a")]
    [InlineData("/twins/a/modules/m/methods", "a/m")]
    [InlineData("/0ne1/registrations/r/register", "r")]
    [InlineData("/uploads/a/dir/log.txt", "a")]
    [InlineData("/devices", null)]
    [InlineData("/statistics/service", null)]
    public void The_identity_of_a_request_is_in_its_path(string path, string? expected) => Assert.Equal(expected, RequestFaults.IdentityOf(path));
}
