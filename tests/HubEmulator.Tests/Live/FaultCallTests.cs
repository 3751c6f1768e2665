using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>The admin calls of faults.</summary>
public sealed class FaultCallTests
{
    [Fact]
    public async Task A_fault_is_made_listed_and_ended_by_its_number()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode created, JsonNode? fault, _) = await hub.CallAsync(
            HttpMethod.Post, "/hilrig/faults", """{"kind":"delay","deviceId":"dev-01","afterSeconds":0,"forSeconds":30,"seed":7,"probability":0.5,"delaySeconds":0.25,"jitterSeconds":0.5}""");
        (_, JsonNode? waiting, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"throttle","afterSeconds":60,"targets":["twin","rest"]}""");
        (_, JsonNode? list, _) = await hub.CallAsync(HttpMethod.Get, "/hilrig/faults");
        (HttpStatusCode ended, _, _) = await hub.CallAsync(HttpMethod.Delete, "/hilrig/faults/1");
        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Delete, "/hilrig/faults/1");
        (HttpStatusCode unknown, _, _) = await hub.CallAsync(HttpMethod.Delete, "/hilrig/faults/x");

        Assert.Equal(HttpStatusCode.Created, created);
        fault!.AsObject().Remove("begins");
        fault.AsObject().Remove("ends");
        Assert.Equal(
            """{"id":1,"kind":"delay","deviceId":"dev-01","afterSeconds":0,"forSeconds":30,"seed":7,"probability":0.5,"count":null,"protocols":[],"delaySeconds":0.25,"jitterSeconds":0.5,"state":"active","strikes":0}""",
            fault.ToJsonString());
        Assert.Equal(("waiting", """["twin","rest"]""", 5), ((string?)waiting!["state"], waiting["targets"]!.ToJsonString(), (int)waiting["retryAfterSeconds"]!));
        Assert.Equal([1, 2], list!.AsArray().Select(one => (int)one!["id"]!));
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.NotFound), (ended, again, unknown));
        Assert.Equal([HubFaultState.Ended, HubFaultState.Waiting], hub.Hub.Faults.Select(one => one.State));
    }

    [Theory]
    [InlineData("""{}""", "kind must be one of refuse, drop, half-open, delay,")]
    [InlineData("""{"kind":"explode"}""", "kind must be one of")]
    [InlineData("""{"kind":"refuse","returnCode":0}""", "returnCode must be 1 to 5.")]
    [InlineData("""{"kind":"refuse","returnCode":6}""", "returnCode must be 1 to 5.")]
    [InlineData("""{"kind":"refuse","returnCode":2.5}""", "returnCode must be a whole number.")]
    [InlineData("""{"kind":"refuse","rate":0.5}""", "rate is no member of refuse, which has kind, deviceId,")]
    [InlineData("""{"kind":"drop","deviceId":"a b"}""", "deviceId must be a device id")]
    [InlineData("""{"kind":"drop","deviceId":5}""", "deviceId must be a text.")]
    [InlineData("""{"kind":"drop","afterSeconds":-1}""", "afterSeconds must be 0 to 86400.")]
    [InlineData("""{"kind":"drop","everySeconds":0}""", "everySeconds must be 0.1 to 3600.")]
    [InlineData("""{"kind":"drop","forSeconds":86401}""", "forSeconds must be 0.1 to 86400.")]
    [InlineData("""{"kind":"drop","forSeconds":1e300}""", "forSeconds must be 0.1 to 86400.")]
    [InlineData("""{"kind":"drop","probability":0}""", "probability must be above 0 and at most 1.")]
    [InlineData("""{"kind":"drop","probability":"often"}""", "probability must be a number.")]
    [InlineData("""{"kind":"drop","seed":99999999999}""", "seed must be a whole number.")]
    [InlineData("""{"kind":"drop","count":0}""", "count must be 1 to 1000000.")]
    [InlineData("""{"kind":"restart","count":1}""", "count must be absent")]
    [InlineData("""{"kind":"drop","protocols":["https"]}""", "protocols of drop must be mqtt and websocket and amqp.")]
    [InlineData("""{"kind":"drop","protocols":"mqtt"}""", "protocols must be an array of names")]
    [InlineData("""{"kind":"throttle","protocols":["mqtt"]}""", "protocols is no member of throttle")]
    [InlineData("""{"kind":"refuse","status":200}""", "status must be 400 to 599.")]
    [InlineData("""{"kind":"refuse","status":503,"returnCode":3}""", "returnCode and status exclude each other")]
    [InlineData("""{"kind":"refuse","status":503,"protocols":["mqtt"]}""", "protocols of refuse with a status must be websocket and https.")]
    [InlineData("""{"kind":"refuse","text":"no"}""", "text needs a status")]
    [InlineData("""{"kind":"half-open","onlyOpen":1}""", "onlyOpen must be true or false.")]
    [InlineData("""{"kind":"delay","delaySeconds":61}""", "delaySeconds must be 0 to 60.")]
    [InlineData("""{"kind":"slow-puback","jitterSeconds":-0.1}""", "jitterSeconds must be 0 to 60.")]
    [InlineData("""{"kind":"duplicate","targets":["twin"]}""", "targets of duplicate must be c2d and puback.")]
    [InlineData("""{"kind":"throttle","targets":["c2d"]}""", "targets of throttle must be twin, rest and dps.")]
    [InlineData("""{"kind":"throttle","targets":"rest"}""", "targets must be an array of names")]
    [InlineData("""{"kind":"throttle","retryAfterSeconds":3601}""", "retryAfterSeconds must be 0 to 3600.")]
    [InlineData("""{"kind":"corrupt","rate":1.1}""", "rate must be above 0 and at most 1.")]
    [InlineData("""{"kind":"corrupt","direction":"up"}""", "direction must be toDevice, toHub or both.")]
    [InlineData("""{"kind":"take-over"}""", "deviceId must name the device")]
    [InlineData("""{"kind":"disable"}""", "deviceId must name the device")]
    [InlineData("""{"kind":"restart","deviceId":"dev-01"}""", "deviceId must be absent")]
    [InlineData("""{"kind":"restart","forSeconds":3601}""", "forSeconds of a restart must be 0.1 to 3600.")]
    public async Task What_cannot_be_played_is_answered_400_with_the_member_and_its_range(string body, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(expected, (string?)JsonNode.Parse((string)error!["Message"]!)!["message"], StringComparison.Ordinal);
        Assert.Empty(hub.Hub.Faults);
    }

    [Fact]
    public async Task The_calls_take_a_policy_that_connects_services_and_a_member_of_the_hub_knows_the_same_rules()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode refused, _, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"drop"}""", token: hub.ServiceToken("device"));

        Assert.Equal(HttpStatusCode.Unauthorized, refused);
        Assert.Throws<ArgumentException>(() => hub.Hub.Play(new HubFault(HubFaultKind.Refuse) { ReturnCode = 9 }));
        Assert.Throws<ArgumentException>(() => hub.Hub.Play(new HubFault((HubFaultKind)99)));
    }

    [Fact]
    public async Task A_hundred_faults_that_have_not_ended_are_enough()
    {
        await using TestHub hub = await TestHub.StartAsync();
        for (int count = 0; count < 100; count++)
        {
            hub.Hub.Play(new HubFault(HubFaultKind.Drop) { After = TimeSpan.FromHours(1) });
        }

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"drop"}""");

        Assert.Equal(HttpStatusCode.Forbidden, status);
        Assert.Throws<InvalidOperationException>(() => hub.Hub.Play(new HubFault(HubFaultKind.Drop)));
    }

    [Fact]
    public async Task A_restart_answers_first_then_drops_everybody_and_comes_back_on_the_same_ports()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Post, "/hilrig/faults", """{"kind":"restart","forSeconds":0.5}""");
        await device.WhenLost();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TestHub.Deadline);
        while (hub.Hub.IsStopped || hub.Hub.Faults[0].State != HubFaultState.Ended)
        {
            deadline.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        await using TestDevice after = await hub.ConnectAsync();
        Assert.Equal(HttpStatusCode.Created, status);
        Assert.True(after.Connected.IsSessionPresent);
    }
}
