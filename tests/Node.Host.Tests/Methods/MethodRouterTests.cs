using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Methods;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Methods;

public sealed class MethodRouterTests
{
    [Theory]
    [InlineData("led*setState", """{"state":"on"}""", "on")]
    [InlineData("led*setState", """{"state":"off"}""", "off")]
    [InlineData("led*setState", "\"on\"", "on")]
    [InlineData("led*setState", "\"OFF\"", "off")]
    [InlineData("led*setState", "true", "on")]
    [InlineData("led*setState", "false", "off")]
    [InlineData("led*setState", """{"state":true}""", "on")]
    [InlineData("led*toggle", "", "on")]
    [InlineData("led*toggle", "null", "on")]
    [InlineData("setState", """{"actuator":"led","state":"on"}""", "on")]
    [InlineData("setState", """{"state":"on"}""", "on")]
    [InlineData("setState", "true", "on")]
    [InlineData("toggle", """{"actuator":"led"}""", "on")]
    [InlineData("toggle", "", "on")]
    public void A_switch_answers_the_state_in_force(string method, string payload, string state)
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call(method, payload);

        Assert.Equal((200, $$"""{"state":"{{state}}"}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
        Assert.Equal(state == "on", node.Actuators.Channels[0].IsOn);
    }

    [Theory]
    [InlineData("led*setState", "", 400, "state")]
    [InlineData("led*setState", "null", 400, "state")]
    [InlineData("led*setState", "5", 400, "state")]
    [InlineData("led*setState", """{"state":"half"}""", 400, "state")]
    [InlineData("led*setState", """{"state":"on","state":"off"}""", 400, "JSON")]
    [InlineData("led*setState", "{ torn", 400, "JSON")]
    [InlineData("setState", """{"actuator":"pump","state":"on"}""", 404, "known are led")]
    [InlineData("setState", """{"actuator":7,"state":"on"}""", 404, "known are led")]
    [InlineData("pump*setState", "true", 404, "led*setState")]
    [InlineData("climate*setState", "true", 404, "climate*readNow")]
    [InlineData("led*readNow", "", 404, "climate*readNow")]
    [InlineData("LED*setState", "true", 404, "led*setState")]
    [InlineData("*setState", "true", 404, "led*setState")]
    [InlineData("led*setState*", "true", 404, "led*setState")]
    [InlineData("reboot", "", 404, "getDiagnostics")]
    [InlineData("readNow", """{"sensor":"cellar"}""", 404, "known are climate")]
    public void A_mistake_is_answered_with_its_reason(string method, string payload, int status, string reason)
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call(method, payload);

        Assert.Equal(status, response.Status);
        Assert.Contains(reason, (string)JsonNode.Parse(response.Payload.Span)!["error"]!, StringComparison.Ordinal);
        Assert.False(node.Actuators.Channels[0].IsOn);
        Assert.Equal(1, node.Methods.Answered);
    }

    [Theory]
    [InlineData("climate*readNow", "")]
    [InlineData("readNow", """{"sensor":"climate"}""")]
    [InlineData("readNow", "")]
    public async Task A_reading_is_answered_and_spooled(string method, string payload)
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call(method, payload);
        await node.Spool.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal((200, """{"temperature":21.5,"pressure":100.65}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
        Assert.Equal(1, node.Spool.Statistics.Depth);
    }

    [Fact]
    public void A_reading_that_fails_is_answered_with_500_and_the_reason()
    {
        using var node = new TestNode();
        node.Chips["climate"].Failure = Failures.Nack();

        MethodResponse response = node.Client.Call("climate*readNow", "");

        Assert.Equal((500, """{"error":"nothing acknowledges"}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
    }

    [Fact]
    public void A_sensor_that_hangs_is_answered_with_504_and_does_not_hold_up_the_turn()
    {
        using var node = new TestNode();
        TaskCompletionSource hold = new();
        node.Chips["climate"].Hold = hold;

        MethodResponse response = node.Client.Call("climate*readNow", "");

        hold.SetResult();
        Assert.Equal(504, response.Status);
    }

    [Fact]
    public void Without_a_pin_a_switch_is_answered_with_409_and_the_reason()
    {
        using var node = new TestNode();
        using var bank = new Actuation.ActuatorBank(
            [new Host.Configuration.ActuatorOptions { Name = "pump", Pin = 99 }], new Node.Sensors.Emulation.EmulatedBusProvider(node.Board),
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var router = new MethodRouter(node.Sensors, bank, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        MethodResponse response = router.Invoke(new MethodCall("pump*setState", "true"u8.ToArray()));

        Assert.Equal(409, response.Status);
        Assert.Null(bank.Channels[0].IsOn);
    }

    [Fact]
    public void With_several_actuators_the_root_form_asks_which()
    {
        using var node = new TestNode();
        using var bank = new Actuation.ActuatorBank(
            [new Host.Configuration.ActuatorOptions { Name = "pump", Pin = 4 }, new Host.Configuration.ActuatorOptions { Name = "lamp", Pin = 5 }],
            new Node.Sensors.Emulation.EmulatedBusProvider(node.Board), Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        var router = new MethodRouter(node.Sensors, bank, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);

        MethodResponse asked = router.Invoke(new MethodCall("setState", """{"state":"on"}"""u8.ToArray()));
        MethodResponse named = router.Invoke(new MethodCall("setState", """{"actuator":"lamp","state":"on"}"""u8.ToArray()));

        Assert.Equal(400, asked.Status);
        Assert.Contains("pump, lamp", Encoding.UTF8.GetString(asked.Payload.Span), StringComparison.Ordinal);
        Assert.Equal(200, named.Status);
        Assert.Equal((false, true), (bank.Channels[0].IsOn, bank.Channels[1].IsOn));
    }
}
