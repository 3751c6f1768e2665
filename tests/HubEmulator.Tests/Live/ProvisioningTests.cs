using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Protocol;

namespace HubEmulator.Tests.Live;

public sealed class ProvisioningTests
{
    private const string OtherKey = "ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA=";

    [Fact]
    public async Task A_device_of_a_group_registers_polls_and_connects_with_its_derived_key()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        (string first, JsonNode pending) = await registrar.RegisterAsync("""{"registrationId":"sn-007","payload":{"model":"x"}}""");
        (string second, JsonNode final) = await registrar.PollAsync(pending);
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(Registrar.Id, Registrar.DerivedKey).Build());

        Assert.Equal("202/?$rid=1&retry-after=3", first);
        Assert.Equal("assigning", (string?)pending["status"]);
        Assert.Matches(@"^5\.[0-9a-f]{16}\.[0-9a-f-]{36}$", (string?)pending["operationId"]);
        Assert.Equal("200/?$rid=2", second);
        Assert.Equal("assigned", (string?)final["status"]);
        Assert.Equal((string?)pending["operationId"], (string?)final["operationId"]);
        JsonNode state = final["registrationState"]!;
        Assert.Equal("""{"enrollmentGroupId":"group1"}""", state["symmetricKey"]!.ToJsonString());
        Assert.Equal(("sn-007", "sn-007", hub.Hub.HostName), ((string?)state["registrationId"], (string?)state["deviceId"], (string?)state["assignedHub"]));
        Assert.Equal(("assigned", "initialAssignment"), ((string?)state["status"], (string?)state["substatus"]));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}Z$", (string?)state["createdDateTimeUtc"]);
        Assert.False(state.AsObject().ContainsKey("payload"));
        Assert.False(registrar.Device.Connected.IsSessionPresent);
        Assert.Equal([Registrar.Id], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task An_enrolment_of_its_own_may_name_another_device_and_return_a_payload()
    {
        LocalHubOptions options = Registrar.Options with
        {
            Enrolments = [new LocalEnrolment("SN-008", OtherKey) { DeviceId = "Kitchen", Payload = """{"site":["a",1]}""" }],
        };
        await using TestHub hub = await TestHub.StartAsync(options);
        await using Registrar registrar = await Registrar.ConnectAsync(hub, "sn-008", OtherKey);

        JsonNode state = (await registrar.RegisterToTheEndAsync())["registrationState"]!;
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options("Kitchen", OtherKey).Build());

        Assert.Equal(("sn-008", "Kitchen"), ((string?)state["registrationId"], (string?)state["deviceId"]));
        Assert.Equal("{}", state["symmetricKey"]!.ToJsonString());
        Assert.Equal("""{"site":["a",1]}""", state["payload"]!.ToJsonString());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public async Task As_many_answers_202_as_asked_for_come_before_the_decision(int pending)
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        hub.Hub.Provisioning.PendingAnswers = pending;
        hub.Hub.Provisioning.RetryAfterSeconds = pending == 0 ? null : 0;
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        (string topic, JsonNode body) = await registrar.RegisterAsync();
        for (int answer = 1; answer <= pending; answer++)
        {
            Assert.Equal($"202/?$rid={answer}&retry-after=0", topic);
            Assert.Empty(hub.Hub.DeviceIds);
            (topic, body) = await registrar.PollAsync(body);
        }

        Assert.Equal($"200/?$rid={pending + 1}", topic);
        Assert.Equal("assigned", (string?)body["status"]);
        Assert.Equal((1, pending), (hub.Hub.Provisioning.Registrations, hub.Hub.Provisioning.Polls));
        Assert.Equal(0, hub.Hub.Provisioning.EarlyPolls);
    }

    [Theory]
    [InlineData("wrong key", 401, 401002)]
    [InlineData("expired token", 401, 401002)]
    [InlineData("token of another registration", 401, 401002)]
    [InlineData("another key name", 401, 401002)]
    [InlineData("no token", 401, 401002)]
    [InlineData("unknown id scope", 404, 404201)]
    [InlineData("another id in the body", 400, 400004)]
    [InlineData("no JSON", 400, 400004)]
    public async Task What_is_wrong_comes_as_the_answer_to_the_register_request(string fault, int status, int code)
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        string scope = fault == "unknown id scope" ? "0ne00BBBBBB" : hub.Hub.IdScope;
        string token = fault switch
        {
            "wrong key" => Registrar.Token(hub, Registrar.Id, OtherKey),
            "expired token" => Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey, expires: TimeProvider.System.GetUtcNow().AddSeconds(-302)),
            "token of another registration" => Registrar.Token(hub, "sn-00", Registrar.DerivedKey),
            "another key name" => Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey, keyName: "device"),
            "no token" => "nothing of the kind",
            _ => Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey, scope),
        };
        string body = fault switch { "another id in the body" => """{"registrationId":"sn-008"}""", "no JSON" => "{", _ => "" };
        await using Registrar registrar = await Registrar.ConnectAsync(hub, scope: scope, token: token);

        (string topic, JsonNode error) = await registrar.RegisterAsync(body);

        Assert.Equal($"{status}/?$rid=1", topic);
        Assert.Equal(code, (int)error["errorCode"]!);
        Assert.NotNull(error["trackingId"]);
        Assert.NotNull(error["timestampUtc"]);
        Assert.Empty(hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task Without_any_enrolment_the_registration_is_not_found_and_an_unknown_operation_is_neither()
    {
        await using TestHub empty = await TestHub.StartAsync(new LocalHubOptions());
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        await using Registrar unknown = await Registrar.ConnectAsync(empty);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);
        (_, JsonNode old) = await registrar.RegisterAsync();
        (_, JsonNode current) = await registrar.RegisterAsync();

        (string notEnrolled, JsonNode error) = await unknown.RegisterAsync();
        (string replaced, _) = await registrar.PollAsync(old);
        (string known, _) = await registrar.PollAsync(current);

        Assert.Equal(("404/?$rid=1", 404201), (notEnrolled, (int)error["errorCode"]!));
        Assert.Equal("404/?$rid=3", replaced);
        Assert.Equal("200/?$rid=4", known);
    }

    [Fact]
    public async Task A_disabled_enrolment_ends_as_disabled_and_makes_no_device()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options with { Enrolments = [new LocalEnrolment("sn-008", OtherKey) { Enabled = false }] });
        await using Registrar registrar = await Registrar.ConnectAsync(hub, "sn-008", OtherKey);

        JsonNode final = await registrar.RegisterToTheEndAsync();

        Assert.Equal(("disabled", "disabled"), ((string?)final["status"], (string?)final["registrationState"]!["status"]));
        Assert.False(final["registrationState"]!.AsObject().ContainsKey("assignedHub"));
        Assert.Empty(hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task A_registration_may_be_made_to_fail_and_the_next_one_succeeds()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        hub.Hub.Provisioning.FailNext(1, 400209, "Not authorised at the hub.");
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        JsonNode failed = await registrar.RegisterToTheEndAsync();
        JsonNode assigned = await registrar.RegisterToTheEndAsync();

        Assert.Equal(("failed", "failed"), ((string?)failed["status"], (string?)failed["registrationState"]!["status"]));
        Assert.Equal((400209, "Not authorised at the hub."), ((int)failed["registrationState"]!["errorCode"]!, (string?)failed["registrationState"]!["errorMessage"]));
        Assert.Equal("assigned", (string?)assigned["status"]);
        Assert.False(assigned["registrationState"]!.AsObject().ContainsKey("errorCode"));
    }

    [Fact]
    public async Task Throttled_requests_are_answered_429_with_the_time_to_wait()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        hub.Hub.Provisioning.ThrottleNext(2, 7);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        (string first, JsonNode error) = await registrar.RegisterAsync();
        (string second, _) = await registrar.RegisterAsync();
        (string third, _) = await registrar.RegisterAsync();

        Assert.Equal(("429/?$rid=1&retry-after=7", 429001), (first, (int)error["errorCode"]!));
        Assert.Equal("429/?$rid=2&retry-after=7", second);
        Assert.Equal("202/?$rid=3&retry-after=3", third);
    }

    [Fact]
    public async Task A_poll_before_its_time_is_counted()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options with { TimeProvider = clock });
        hub.Hub.Provisioning.PendingAnswers = 2;
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        (_, JsonNode operation) = await registrar.RegisterAsync();
        clock.Advance(TimeSpan.FromSeconds(2.9));
        await registrar.PollAsync(operation);
        clock.Advance(TimeSpan.FromSeconds(3));
        await registrar.PollAsync(operation);

        Assert.Equal(1, hub.Hub.Provisioning.EarlyPolls);
    }

    [Fact]
    public async Task Registering_again_keeps_the_device_and_makes_a_deleted_one_anew()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);
        await registrar.RegisterToTheEndAsync();
        await using TestDevice device = await TestDevice.ConnectAsync(hub.Options(Registrar.Id, Registrar.DerivedKey).Build());

        JsonNode again = await registrar.RegisterToTheEndAsync();
        await device.PublishAsync("devices/sn-007/messages/events/"); // still connected
        await hub.CallAsync(HttpMethod.Delete, "/devices/sn-007", ifMatch: "*");
        JsonNode anew = await registrar.RegisterToTheEndAsync();

        Assert.Equal("initialAssignment", (string?)again["registrationState"]!["substatus"]);
        Assert.Equal("reprovisionedToInitialAssignment", (string?)anew["registrationState"]!["substatus"]);
        Assert.Equal((string?)again["registrationState"]!["createdDateTimeUtc"], (string?)anew["registrationState"]!["createdDateTimeUtc"]);
        Assert.NotEqual((string?)again["registrationState"]!["etag"], (string?)anew["registrationState"]!["etag"]);
        Assert.Equal([Registrar.Id], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task A_device_that_exists_with_another_key_gets_the_derived_one()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options with { Devices = [new LocalDevice(Registrar.Id, OtherKey)] });
        await using TestDevice before = await TestDevice.ConnectAsync(hub.Options(Registrar.Id, OtherKey).Build());
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        await registrar.RegisterToTheEndAsync();

        await before.WhenLost();
        await using TestDevice after = await TestDevice.ConnectAsync(hub.Options(Registrar.Id, Registrar.DerivedKey).Build());
        Assert.Equal(MqttClientConnectResultCode.Success, after.Connected.ResultCode);
    }

    [Fact]
    public async Task Provisioning_goes_over_WebSocket_too()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        hub.Hub.Provisioning.PendingAnswers = 0;
        string target = $"localhost:{hub.Hub.HttpsPort}{SocketConnection.Path}";
        MqttClientOptionsBuilder options = hub.Options(
            Registrar.Id, userName: $"{hub.Hub.IdScope}/registrations/sn-007/api-version=2019-03-31", token: Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey), clean: true);
        await using TestDevice device = await TestDevice.ConnectAsync(options.WithWebSocketServer(server => server.WithUri($"wss://{target}")).Build());

        await device.SubscribeAsync(Registrar.AnswerFilter);
        await device.PublishAsync("$dps/registrations/PUT/iotdps-register/?$rid=1&forceRegistration=true", quality: MqttQualityOfServiceLevel.AtMostOnce);

        Assert.Equal("$dps/registrations/res/200/?$rid=1", (await device.NextAsync()).Topic);
    }

    [Theory]
    [InlineData("0ne00AAAAAA/registrations/sn-007/", "sn-007")]
    [InlineData("0ne00AAAAAA/registrations/sn-007/api-version=soon", "sn-007")]
    [InlineData("0ne00AAAAAA/registration/sn-007/api-version=2019-03-31", "sn-007")]
    [InlineData("0ne00AAAAAA/registrations/sn 007/api-version=2019-03-31", "sn 007")]
    [InlineData("0ne00AAAAAA/registrations/sn-007/api-version=2019-03-31", "sn-008")]
    public async Task A_user_name_that_does_not_fit_is_refused_with_return_code_5(string userName, string clientId)
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        string token = Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey);

        MqttClientConnectResultCode refusal = await TestDevice.RefusalAsync(hub.Options(clientId, userName: userName, token: token).Build());

        Assert.Equal(MqttClientConnectResultCode.NotAuthorized, refusal);
    }

    [Theory]
    [InlineData("$dps/registrations/PUT/iotdps-register/?rid=1")]
    [InlineData("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=1")]
    [InlineData("$dps/registrations/POST/iotdps-register/?$rid=1")]
    [InlineData("devices/sn-007/messages/events/")]
    public async Task A_topic_that_is_not_served_ends_the_connection(string topic)
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        Task publish = registrar.Device.PublishAsync(topic);

        await registrar.Device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => publish);
    }

    [Fact]
    public async Task Another_filter_ends_the_connection_and_answers_need_the_subscription()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        await using Registrar registrar = await Registrar.ConnectAsync(hub, subscribe: false);

        await registrar.Device.PublishAsync("$dps/registrations/PUT/iotdps-register/?$rid=1");
        MqttClientSubscribeResultCode granted = await registrar.Device.SubscribeAsync(Registrar.AnswerFilter, MqttQualityOfServiceLevel.ExactlyOnce);
        (string topic, _) = await registrar.RegisterAsync(); // request 1 once more: an answer to the first would have come before
        await registrar.Device.UnsubscribeAsync(Registrar.AnswerFilter);
        await registrar.Device.PublishAsync("$dps/registrations/PUT/iotdps-register/?$rid=9");
        Task subscribe = registrar.Device.SubscribeAsync("$iothub/twin/res/#");

        await registrar.Device.WhenLost();
        await Assert.ThrowsAnyAsync<Exception>(() => subscribe);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, granted);
        Assert.Equal("202/?$rid=1&retry-after=3", topic);
        Assert.False(registrar.Device.HasArrived);
    }
}
