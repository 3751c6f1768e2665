using System.Text;
using System.Text.Json.Nodes;
using Node.HubClient;
using Node.Sensors.Emulation;

namespace Node.Host.Methods;

/// <summary>
/// <c>injectFault</c> and <c>clearFaults</c>: faults of the emulated chips while the node runs, for whoever wants to see what the node makes
/// of them. There only where the node has emulated chips.
/// </summary>
/// <param name="board">The chips, and the plan of what goes wrong.</param>
internal sealed class EmulatedFaultMethods(EmulatedBoard board) : IMethodGroup
{
    private const string Inject = "injectFault";
    private const string Clear = "clearFaults";

    private static readonly string[] Durations = ["at", "for", "stretch"];

    public IEnumerable<string> Names => [Inject, Clear];

    public Method? Find(string component, string command) => component.Length > 0 ? null : command switch
    {
        Inject => Method.AtOnce(call => Begin(call.Payload)),
        Clear => Method.AtOnce(call => End(call.Payload)),
        _ => null,
    };

    private MethodResponse Begin(JsonNode? payload)
    {
        if (payload is not JsonObject parts)
        {
            return MethodAnswers.BadPayload($"write an object such as {{\"kind\":\"noAcknowledge\",\"chip\":\"{board.Chips.Keys.FirstOrDefault() ?? "climate"}\",\"for\":\"PT10S\"}}; kinds are {string.Join(", ", BoardFault.Kinds)}");
        }

        try
        {
            ForgetPast();
            board.Faults.Add(BoardFault.Parse(Encoding.UTF8.GetBytes(InBoardsLanguage(parts).ToJsonString()), board));
            return MethodAnswers.Ok(new JsonObject { ["faults"] = board.Faults.Faults.Count });
        }
        catch (BoardFileException refused)
        {
            return MethodAnswers.BadPayload(string.Join(" ", refused.Faults));
        }
        catch (ArgumentException refused)
        {
            return MethodAnswers.BadPayload(refused.Message);
        }
    }

    private MethodResponse End(JsonNode? payload)
    {
        if (Payload.UnknownPart(payload) is { } unknown)
        {
            return MethodAnswers.BadPayload(unknown);
        }

        ForgetPast();
        int cleared = board.Faults.Faults.Count;
        board.Faults.Clear();
        return MethodAnswers.Ok(new JsonObject { ["cleared"] = cleared });
    }

    /// <summary>The plan is bounded, so what can act no more makes room.</summary>
    private void ForgetPast()
    {
        TimeSpan now = board.Elapsed;
        foreach (BusFault past in board.Faults.Faults.Where(fault => fault.Duration is { } length && fault.At + length < now).ToArray())
        {
            board.Faults.Remove(past);
        }
    }

    /// <summary>The same without the command id, and with every duration in seconds: the node's methods take more forms of it than a board file.</summary>
    private static JsonObject InBoardsLanguage(JsonObject parts)
    {
        var fault = parts.DeepClone().AsObject();
        fault.Remove(Payload.CommandId);
        foreach (string name in Durations)
        {
            if (Payload.TryDuration(fault[name], out TimeSpan duration))
            {
                fault[name] = duration.TotalSeconds;
            }
        }

        return fault;
    }
}
