using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Methods;
using Node.Host.Tests.TestKit;
using Node.HubClient;
using Node.Sensors.Actuators;

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

        MethodResponse response = await node.Client.CallAsync(method, payload);
        await node.Spool.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal((200, """{"temperature":21.5,"pressure":100.65}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
        Assert.Equal(1, node.Spool.Statistics.Depth);
    }

    [Fact]
    public async Task A_reading_that_fails_is_answered_with_500_and_the_reason()
    {
        using var node = new TestNode();
        node.Chips["climate"].Failure = Failures.Nack();

        MethodResponse response = await node.Client.CallAsync("climate*readNow", "");

        Assert.Equal((500, """{"error":"nothing acknowledges"}"""), (response.Status, Encoding.UTF8.GetString(response.Payload.Span)));
    }

    [Fact]
    public async Task A_sensor_that_hangs_is_answered_with_504_and_holds_up_neither_the_turn_nor_another_method()
    {
        using var node = new TestNode();
        TaskCompletionSource hold = new();
        node.Chips["climate"].Hold = hold;

        Task<MethodResponse> hanging = node.Client.CallAsync("climate*readNow", "");
        MethodResponse meanwhile = node.Client.Call("led*setState", "true");
        bool answeredEarly = hanging.IsCompleted;
        node.Time.Advance(MethodRouter.Deadline);
        MethodResponse late = await hanging;

        hold.SetResult();
        Assert.Equal((200, false, 504), (meanwhile.Status, answeredEarly, late.Status));
    }

    [Fact]
    public void Without_a_pin_a_switch_is_answered_with_409_and_the_reason()
    {
        using var node = TestNode.With(null, [new ActuatorOptions { Name = "pump", Pin = 99 }]);

        MethodResponse response = node.Client.Call("pump*setState", "true");

        Assert.Equal(409, response.Status);
        Assert.Contains("pump is not available", Encoding.UTF8.GetString(response.Payload.Span), StringComparison.Ordinal);
        Assert.Null(node.Actuators.Channels[0].IsOn);
    }

    [Fact]
    public void With_several_actuators_the_root_form_asks_which()
    {
        using var node = TestNode.With(null, [new ActuatorOptions { Name = "pump", Pin = 4 }, new ActuatorOptions { Name = "lamp", Pin = 5 }]);

        MethodResponse asked = node.Client.Call("setState", """{"state":"on"}""");
        MethodResponse named = node.Client.Call("setState", """{"actuator":"lamp","state":"on"}""");

        Assert.Equal(400, asked.Status);
        Assert.Contains("pump, lamp", Encoding.UTF8.GetString(asked.Payload.Span), StringComparison.Ordinal);
        Assert.Equal(200, named.Status);
        Assert.Equal((false, true), (node.Actuators.Channels[0].IsOn, node.Actuators.Channels[1].IsOn));
    }

    [Fact]
    public void Limits_are_answered_with_their_status_the_reason_the_state_and_when_to_try_again()
    {
        using var node = TestNode.With(null, [
            new ActuatorOptions { Name = "up", Pin = 4, Interlock = "blind", DeadTime = TimeSpan.FromSeconds(2), Limits = new OutputLimits { MaximumOnTime = TimeSpan.FromSeconds(30) } },
            new ActuatorOptions { Name = "down", Pin = 5, Interlock = "blind", DeadTime = TimeSpan.FromSeconds(2) },
        ]);
        node.Time.Advance(TimeSpan.FromSeconds(2));
        node.Client.Call("up*setState", "true");

        MethodResponse interlocked = node.Client.Call("down*setState", "true");
        node.Client.Call("up*setState", "false");
        MethodResponse dead = node.Client.Call("down*setState", "true");
        MethodResponse tooLong = node.Client.Call("up*pulse", "\"PT31S\"");

        Assert.Equal((409, """{"error":"up of the same interlock group is on","state":"off"}"""), Text(interlocked));
        Assert.Equal((409, """{"error":"up of the same interlock group went off just now; wait 2 s","state":"off","retryAfterSeconds":2}"""), Text(dead));
        Assert.Equal((400, """{"error":"a pulse of 31 s is too long; the longest is 30 s","state":"off"}"""), Text(tooLong));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("\"2s\"")]
    [InlineData("\"PT2S\"")]
    [InlineData("""{"duration":"PT2S"}""")]
    [InlineData("""{"duration":2,"state":"on"}""")]
    public void A_pulse_ends_by_itself(string payload)
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call("led*pulse", payload);
        bool? during = node.Actuators.Channels[0].IsOn;
        node.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal((200, """{"state":"on","leaseSeconds":2}"""), Text(response));
        Assert.Equal((true, false), (during, node.Actuators.Channels[0].IsOn));
    }

    [Fact]
    public void A_proportional_actuator_takes_levels()
    {
        using var node = TestNode.With(null, [new ActuatorOptions { Name = "fan", Kind = ActuatorOptions.PwmKind, Pwm = new PwmOutputOptions { Channel = 1 } }]);

        MethodResponse set = node.Client.Call("fan*setState", "0.4");
        double level = node.Board.Pwm.Output(0, 1).MeanLevel;
        MethodResponse off = node.Client.Call("fan*setState", """{"level":0}""");
        MethodResponse tooMuch = node.Client.Call("fan*setState", """{"level":1.5}""");

        Assert.Equal((200, """{"state":"on","level":0.4}"""), Text(set));
        Assert.Equal((0.4, 200, 400), (level, off.Status, tooMuch.Status));
    }

    [Fact]
    public void A_pin_that_does_not_follow_is_answered_with_500()
    {
        using var node = new TestNode();
        node.Board.Gpio.ShortCircuit(17, false);

        MethodResponse response = node.Client.Call("led*setState", "true");

        Assert.Equal(500, response.Status);
        Assert.Contains("reads back off although on was driven", Encoding.UTF8.GetString(response.Payload.Span), StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_that_nobody_asks_for_is_refused_by_name() =>
        Refused("led*setState", """{"state":"on","for":"1h"}""", 400, "'for' is not understood; allowed are actuator, state, level, commandId");

    [Theory]
    [InlineData("climate*selfTest", 404, "no self-test")]
    [InlineData("climate*calibrate", 404, "set its filters")]
    public void What_a_chip_does_not_have_is_answered_with_404(string method, int status, string reason) => Refused(method, "", status, reason);

    [Fact]
    public void A_repeated_command_id_gets_the_same_answer_and_is_carried_out_once()
    {
        using var node = new TestNode();

        MethodResponse first = node.Client.Call("led*toggle", """{"commandId":"a1"}""");
        MethodResponse again = node.Client.Call("led*toggle", """{"commandId":"a1"}""");
        MethodResponse other = node.Client.Call("led*setState", """{"state":"off","commandId":"a1"}""");

        Assert.Equal((200, """{"state":"on"}"""), Text(first));
        Assert.Equal(Text(first), Text(again));
        Assert.Equal(409, other.Status);
        Assert.True(node.Actuators.Channels[0].IsOn);
    }

    [Fact]
    public void A_command_that_was_refused_and_did_nothing_may_be_tried_again_under_its_id()
    {
        using var folder = new TemporaryFolder();
        using var node = new TestNode(folder, [], null, [new ActuatorOptions { Name = "led", Pin = 17, Limits = new OutputLimits { MinimumOffTime = TimeSpan.FromSeconds(5) } }]);

        MethodResponse refused = node.Client.Call("led*setState", """{"state":"on","commandId":"a1"}""");
        string kept = File.ReadAllText(folder.File("commands.json"));
        node.Time.Advance(TimeSpan.FromSeconds(5));
        MethodResponse done = node.Client.Call("led*setState", """{"state":"on","commandId":"a1"}""");

        Assert.Equal((409, 5), (refused.Status, (int)JsonNode.Parse(refused.Payload.Span)!["retryAfterSeconds"]!));
        Assert.Equal("[]", kept);
        Assert.Equal((200, """{"state":"on"}"""), Text(done));
    }

    [Theory]
    [InlineData("led*toggle", "5", "this method takes none")]
    [InlineData("led*arm", "\"now\"", "this method takes none")]
    [InlineData("climate*readNow", "[1]", "this method takes none")]
    [InlineData("restart", "\"now\"", "this method takes none")]
    [InlineData("restart", """{"delay":5}""", "'delay' is not understood")]
    [InlineData("flushSpool", "true", "this method takes none")]
    [InlineData("getDiagnostics", """{"brief":true}""", "'brief' is not understood")]
    [InlineData("uploadDiagnostics", "7", "this method takes none")]
    public void A_payload_where_none_is_taken_is_refused(string method, string payload, string reason) => Refused(method, payload, 400, reason);

    [Theory, InlineData(""), InlineData("null"), InlineData("{}"), InlineData("\"\"")]
    public void What_tools_send_for_no_payload_is_none(string payload)
    {
        using var node = new TestNode();

        Assert.Equal(200, node.Client.Call("led*toggle", payload).Status);
        Assert.Equal(200, node.Client.Call("getDiagnostics", payload).Status);
        Assert.Equal(202, node.Client.Call("restart", payload).Status);
    }

    [Theory]
    [InlineData("""{"state":"on","level":0.4}""", 200, 0.4)]
    [InlineData("""{"state":"off","level":0}""", 200, 0)]
    [InlineData("""{"state":"off","level":0.4}""", 400, 0)]
    [InlineData("""{"state":"on","level":0}""", 400, 0)]
    [InlineData("""{"state":"safe","level":0.4}""", 400, 0)]
    [InlineData("""{"state":"half","level":0.4}""", 400, 0)]
    public void A_state_and_a_level_together_hold_both_or_are_refused(string payload, int status, double level)
    {
        using var node = TestNode.With(null, [new ActuatorOptions { Name = "fan", Kind = ActuatorOptions.PwmKind }]);

        MethodResponse response = node.Client.Call("fan*setState", payload);

        Assert.Equal((status, level), (response.Status, node.Actuators.Channels[0].Status.Target));
    }

    [Fact]
    public void A_level_of_what_can_only_be_on_or_off_is_refused() => Refused("led*setState", """{"state":"on","level":0.4}""", 400, "do not go together");

    [Fact]
    public async Task A_repetition_while_the_first_is_under_way_waits_for_its_answer()
    {
        using var node = new TestNode();
        TaskCompletionSource hold = new();
        node.Chips["climate"].Hold = hold;
        Task<MethodResponse> first = node.Client.CallAsync("climate*readNow", """{"commandId":"r1"}""");
        Task<MethodResponse> again = node.Client.CallAsync("climate*readNow", """{"commandId":"r1"}""");

        hold.SetResult();

        Assert.Equal(Text(await first), Text(await again));
        Assert.Equal(1, node.Chips["climate"].Measurements);
    }

    [Fact]
    public void A_command_id_is_known_after_a_restart_too()
    {
        using var folder = new TemporaryFolder();
        MethodResponse first;
        using (var node = new TestNode(folder))
        {
            first = node.Client.Call("led*pulse", """{"duration":60,"commandId":"p1"}""");
        }

        using var after = new TestNode(folder);
        MethodResponse again = after.Client.Call("led*pulse", """{"duration":60,"commandId":"p1"}""");

        Assert.Equal(Text(first), Text(again));
        Assert.False(after.Actuators.Channels[0].IsOn);
    }

    [Theory, InlineData("\"\""), InlineData("5"), InlineData("\"0123456789012345678901234567890123456789012345678901234567890123456789\"")]
    public void A_command_id_that_is_none_is_refused(string id) => Refused("led*toggle", $$"""{"commandId":{{id}}}""", 400, "1 to 64 characters");

    [Fact]
    public async Task So_many_methods_may_be_under_way_and_no_more()
    {
        using var node = new TestNode();
        TaskCompletionSource hold = new();
        node.Chips["climate"].Hold = hold;
        Task<MethodResponse>[] waiting = [.. Enumerable.Range(0, MethodRouter.MostUnderWay).Select(_ => node.Client.CallAsync("climate*readNow", ""))];

        MethodResponse refused = node.Client.Call("ping", "");
        hold.SetResult();
        await Task.WhenAll(waiting);

        Assert.Equal(409, refused.Status);
        Assert.Equal(200, node.Client.Call("ping", "").Status);
    }

    [Fact]
    public void Every_call_leaves_a_line_with_who_what_and_the_answer()
    {
        using var node = new TestNode();

        node.Client.Call("led*setState", "\"half\"");

        Assert.Matches(@"^Method led\*setState called by hub: 400 after \d+ ms, the payload holds no state", Assert.Single(node.Logs.Entries).Text);
    }

    [Theory]
    [InlineData("ping", "\"\\ud800\"")]
    [InlineData("led*setState", "\"\\ud800\"")]
    [InlineData("led*setState", "{\"\\udc00\":1}")]
    [InlineData("led*toggle", "{\"commandId\":\"\\ud800x\"}")]
    [InlineData("getLogs", "{\"regex\":\"\\ud800\"}")]
    [InlineData("getLogs", "\"\u00ff\"")] // As one byte, which is no UTF-8.
    [InlineData("{name}", "{\"\u00ff\":1}")]
    public async Task A_payload_whose_texts_are_none_is_told_to_be_no_JSON(string method, string payload)
    {
        using var node = new TestNode();

        MethodResponse response = await node.Client.CallAsync(method, Encoding.Latin1.GetBytes(payload));

        Assert.Equal(400, response.Status);
        Assert.StartsWith("{\"error\":\"the payload is no JSON: ", Encoding.UTF8.GetString(response.Payload.Span), StringComparison.Ordinal);
        Assert.Equal(200, node.Client.Call("ping", "").Status);
    }

    [Fact]
    public void A_payload_that_is_too_deep_is_told_so()
    {
        string deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);

        Refused("ping", deep, 400, "depth of 32");
    }

    [Theory]
    [InlineData("\"PT0S\"", "longer than 0 s")]
    [InlineData("\"P8D\"", "at most P7D")]
    [InlineData("1e9", "too long")]
    public void A_pulse_has_a_length_within_a_week(string payload, string reason) => Refused("led*pulse", payload, 400, reason);

    private static (int, string) Text(MethodResponse response) => (response.Status, Encoding.UTF8.GetString(response.Payload.Span));

    private static void Refused(string method, string payload, int status, string reason)
    {
        using var node = new TestNode();

        MethodResponse response = node.Client.Call(method, payload);

        Assert.Equal(status, response.Status);
        Assert.Contains(reason, (string)JsonNode.Parse(response.Payload.Span)!["error"]!, StringComparison.Ordinal);
    }
}
