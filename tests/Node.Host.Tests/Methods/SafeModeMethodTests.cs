using System.Text;
using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Tests.TestKit;
using Node.HubClient;

namespace Node.Host.Tests.Methods;

public sealed class SafeModeMethodTests
{
    [Fact]
    public async Task It_ends_safe_mode_with_a_restart()
    {
        using var node = new TestNode();
        BootRecord.Begin(node.Folder.Path, 1);
        BootRecord safe = BootRecord.Begin(node.Folder.Path, 1);

        MethodResponse answer = await Call(safe, node.Restart, null);

        Assert.Equal(202, answer.Status);
        node.Time.Advance(NodeRestart.Delay);
        Assert.Equal(1, node.Stops);
        Assert.False(BootRecord.Begin(node.Folder.Path, 1).IsSafeMode);
    }

    [Fact]
    public async Task Outside_of_safe_mode_it_is_refused_and_restarts_nothing()
    {
        using var node = new TestNode();

        MethodResponse answer = await Call(BootRecord.Begin(node.Folder.Path, 1), node.Restart, null);

        Assert.Equal(409, answer.Status);
        Assert.False(node.Restart.IsWanted);
        Assert.Equal(400, (await Call(BootRecord.Begin(node.Folder.Path, 1), node.Restart, JsonNode.Parse("""{"force":true}"""))).Status);
    }

    [Fact]
    public void In_safe_mode_nothing_that_is_desired_reaches_the_node_and_what_is_reported_does()
    {
        var hub = new ScriptedHubClient();
        using var safe = new SafeModeClient(hub);
        var received = new List<string>();
        safe.Register((_, _) => { }, (_, json, _) => received.Add(Encoding.UTF8.GetString(json)), (_, _) => { });

        hub.Twin(TwinUpdateState.Complete, """{"desired":{"climate":{"interval":"PT1S"},"$version":7},"reported":{"safeMode":false,"$version":3}}""");
        hub.Twin(TwinUpdateState.Partial, """{"climate":{"interval":"PT2S"},"$version":8}""");
        hub.Twin(TwinUpdateState.Complete, "no JSON");
        safe.DoWork();

        Assert.Equal(["""{"desired":{"$version":7},"reported":{"safeMode":false,"$version":3}}"""], received);
    }

    private static Task<MethodResponse> Call(BootRecord boot, NodeRestart restart, JsonNode? payload) =>
        new SafeModeMethod(boot, restart).Find("", "exitSafeMode")!.Run(new Call(payload, "hub", default));
}
