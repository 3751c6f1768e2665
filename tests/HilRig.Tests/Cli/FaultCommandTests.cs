using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Tests.Proofs;
using HubEmulator;

namespace HilRig.Tests.Cli;

/// <summary><c>hilrig hub fault</c> against a running hub.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class FaultCommandTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("refuse --code 3 --count 2 --device a --protocol mqtt", """{"kind":"refuse","deviceId":"a","count":2,"protocols":["mqtt"],"returnCode":3}""")]
    [InlineData("refuse --status 503 --text busy --seed 7", """{"kind":"refuse","seed":7,"status":503,"text":"busy"}""")]
    [InlineData("drop --every 2s --for 1m --protocol websocket --protocol amqp", """{"kind":"drop","forSeconds":60,"protocols":["websocket","amqp"],"everySeconds":2}""")]
    [InlineData("half-open --only-open --after 1h", """{"kind":"half-open","afterSeconds":3600,"onlyOpen":true}""")]
    [InlineData("delay --delay 200ms --jitter 0.1", """{"kind":"delay","delaySeconds":0.2,"jitterSeconds":0.1}""")]
    [InlineData("slow-puback --delay PT2S --probability 0.5", """{"kind":"slow-puback","probability":0.5,"delaySeconds":2}""")]
    [InlineData("duplicate --what puback", """{"kind":"duplicate","targets":["puback"]}""")]
    [InlineData("throttle --what twin --what rest --retry-after 9", """{"kind":"throttle","targets":["twin","rest"],"retryAfterSeconds":9}""")]
    [InlineData("expire-tokens", """{"kind":"expire-tokens"}""")]
    [InlineData("disable --device a", """{"kind":"disable","deviceId":"a"}""")]
    [InlineData("corrupt --rate 0.25 --direction to-hub", """{"kind":"corrupt","rate":0.25,"direction":"toHub"}""")]
    [InlineData("take-over --device a --every 3", """{"kind":"take-over","deviceId":"a","everySeconds":3}""")]
    [InlineData("lose-desired --device a --count 2", """{"kind":"lose-desired","deviceId":"a","count":2}""")]
    [InlineData("forget --device a --count 3", """{"kind":"forget","deviceId":"a","count":3}""")]
    [InlineData("restart --for 3 --after 1h", """{"kind":"restart","afterSeconds":3600,"forSeconds":3}""")]
    public async Task Each_kind_reaches_the_hub_with_its_options_and_is_cleared_by_its_number(string arguments, string expected)
    {
        await using LocalHub hub = await StartAsync();
        string[] onHub = ["--json", "--data", Folder];

        (int exitCode, string output) = await RigProcess.RunAsync(_state, Deadline, ["hub", "fault", .. arguments.Split(' '), .. onHub]);
        Assert.True(exitCode == 0, output);
        JsonNode played = JsonNode.Parse(output)!;
        bool wasThere = Assert.Single(hub.Faults).Id == (long)played["id"]!;
        (int cleared, string ended) = await RigProcess.RunAsync(_state, Deadline, ["hub", "fault", "clear", $"{played["id"]}", .. onHub]);

        Assert.True(wasThere);
        foreach ((string name, JsonNode? value) in JsonNode.Parse(expected)!.AsObject())
        {
            Assert.Equal(value!.ToJsonString(), played[name]?.ToJsonString());
        }

        Assert.True(cleared == 0, ended);
        Assert.Equal("ended", (string?)JsonNode.Parse(ended)![0]!["state"]);
        Assert.Equal(HubFaultState.Ended, hub.Faults[0].State);
    }

    [Fact]
    public async Task All_faults_are_listed_for_people_and_cleared_together()
    {
        await using LocalHub hub = await StartAsync();
        hub.Play(new HubFault(HubFaultKind.Delay) { DeviceId = "a", Seed = 3 });
        hub.Play(new HubFault(HubFaultKind.Drop));
        hub.Play(new HubFault(HubFaultKind.Refuse));

        (_, string list) = await RigProcess.RunAsync(_state, Deadline, "hub", "fault", "list", "--data", Folder);
        (int cleared, string ended) = await RigProcess.RunAsync(_state, Deadline, "hub", "fault", "clear", "--data", Folder);
        (_, string none) = await RigProcess.RunAsync(_state, Deadline, "hub", "fault", "clear", "--data", Folder);

        Assert.Contains("fault 1  delay of a  active  ", list, StringComparison.Ordinal);
        Assert.Contains("seed 3", list, StringComparison.Ordinal);
        Assert.Contains("fault 2  drop of every device  ended  ", list, StringComparison.Ordinal);
        Assert.Equal((0, 2), (cleared, ended.Split("  ended  ").Length - 1));
        Assert.Contains("no faults to end", none, StringComparison.Ordinal);
        Assert.All(hub.Faults, fault => Assert.Equal(HubFaultState.Ended, fault.State));
    }

    [Theory]
    [InlineData("refuse --code 9", 2, "returnCode must be 1 to 5.")]
    [InlineData("disable", 2, "deviceId must name the device")]
    [InlineData("delay --delay soon", 2, "--delay takes seconds, or 500ms, 10s, 5m, 2h or PT10S, not 'soon'. See 'hilrig hub fault delay --help'.")]
    [InlineData("drop --protocol https", 2, "Must be one of: 'mqtt' 'websocket' 'amqp' See 'hilrig hub fault drop --help'.")]
    [InlineData("explode", 2, "See 'hilrig hub fault --help'.")]
    [InlineData("clear 99", 1, "No fault 99 is waiting or in force.")]
    public async Task A_mistake_is_answered_in_one_line(string arguments, int expected, string text)
    {
        await using LocalHub hub = await StartAsync();

        (int exitCode, string output) = await RigProcess.RunAsync(_state, Deadline, ["hub", "fault", .. arguments.Split(' '), "--data", Folder]);

        Assert.Equal(expected, exitCode);
        Assert.Contains(text, output, StringComparison.Ordinal);
        Assert.Single(output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(hub.Faults);
    }

    private string Folder => Path.Combine(_state.Path, "hub");

    private Task<LocalHub> StartAsync() =>
        LocalHub.StartAsync(new LocalHubOptions { DataFolder = Folder, HostName = "127.0.0.1", Devices = [new LocalDevice("a")] }, TestContext.Current.CancellationToken);
}
