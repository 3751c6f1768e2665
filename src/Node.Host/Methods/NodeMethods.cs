using System.Text.Json.Nodes;
using Node.Host.Composition;
using Node.Host.Spool;
using Node.HubClient;

namespace Node.Host.Methods;

/// <summary><c>ping</c>, <c>getDiagnostics</c>, <c>flushSpool</c>, <c>restart</c>, <c>identify</c>.</summary>
/// <param name="status">Gives the node's status as UTF-8 JSON.</param>
/// <param name="spool">Readings on their way.</param>
/// <param name="nudge">Calls for a turn of the hub client.</param>
/// <param name="restart">How the node ends to be started anew.</param>
/// <param name="blinker">What shows which node it is.</param>
/// <param name="identity">Which program and run this is.</param>
/// <param name="time">Source of instants.</param>
internal sealed class NodeMethods(
    Func<byte[]> status, Spool.Spool spool, Action nudge, NodeRestart restart, Blinker blinker, NodeIdentity identity, TimeProvider time) : IMethodGroup
{
    public IEnumerable<string> Names => ["ping", "getDiagnostics", "flushSpool", "restart", "identify"];

    public Method? Find(string component, string command) => component.Length > 0 ? null : command switch
    {
        "ping" => Method.AtOnce(Ping),
        "getDiagnostics" => Method.AtOnce(call => Refusal(call) ?? new MethodResponse(200, status())),
        "flushSpool" => new Method(FlushAsync),
        "restart" => Method.AtOnce(call => Refusal(call) ?? Restart(), movesSomething: true),
        "identify" => Method.AtOnce(call => blinker.Begin(call)),
        _ => null,
    };

    private MethodResponse Ping(Call call)
    {
        var json = new JsonObject { ["time"] = $"{time.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ}", ["version"] = identity.Version, ["bootId"] = identity.BootId };
        if (call.Payload is not null)
        {
            json["echo"] = call.Payload.DeepClone();
        }

        return MethodAnswers.Ok(json);
    }

    private static MethodResponse? Refusal(Call call) => Payload.NotNothing(call.Payload) is { } fault ? MethodAnswers.BadPayload(fault) : null;

    private async Task<MethodResponse> FlushAsync(Call call)
    {
        if (Refusal(call) is { } refusal)
        {
            return refusal;
        }

        await spool.FlushAsync(call.Stop);
        nudge();
        SpoolStatistics held = spool.Statistics;
        return MethodAnswers.Ok(new JsonObject { ["pending"] = held.Depth, ["unsent"] = held.UnsentCount, ["lastDurableSequence"] = held.LastDurableSequence });
    }

    private MethodResponse Restart()
    {
        restart.Begin();
        return MethodAnswers.Begun(new JsonObject { ["restartInSeconds"] = NodeRestart.Delay.TotalSeconds, ["exitCode"] = NodeRestart.ExitCode });
    }
}
