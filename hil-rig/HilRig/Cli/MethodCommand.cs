using System.CommandLine;
using System.Text.Json.Nodes;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary><c>hilrig method call</c>: calls a direct method as a cloud back end does.</summary>
internal static class MethodCommand
{
    private static readonly Argument<string> MethodName = new("NAME") { Description = "The method, for example 'led*toggle' (in quotes: the shell knows the star)." };
    private static readonly Argument<string?> Payload = new("PAYLOAD") { Description = "JSON, or a text; absent sends null.", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> Device = new("--device") { Description = "The device (default: the hub's only one).", HelpName = "ID" };

    private static readonly Option<int> Timeout = new("--timeout")
    {
        Description = "How many seconds the device has to answer, 5 to 300 (default: 30).",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 30,
    };

    static MethodCommand()
    {
        Timeout.Limit(5, 300, " seconds");
    }

    public static Command Build()
    {
        var call = new Command("call", "Call a direct method; exit code 1 when it answers 400 or more.") { MethodName, Payload, Device, Timeout, HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        call.SetAction(CallAsync);
        return new Command("method", "Call direct methods.") { call };
    }

    private static async Task<int> CallAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        HubFile hub = HubChoice.Find(parsed);
        string device = HubChoice.Device(parsed.GetValue(Device), hub);
        JsonNode? payload = parsed.GetValue(Payload) is { } text ? TwinAssignment.ParseValue(text) : null;
        using var service = new ServiceClient(hub, TimeProvider.System);
        MethodAnswer answer = await service.CallMethodAsync(device, parsed.GetRequiredValue(MethodName), payload, TimeSpan.FromSeconds(parsed.GetValue(Timeout)), cancellationToken);
        Console.WriteLine(parsed.GetValue(HubChoice.Json)
            ? new JsonObject { ["status"] = answer.Status, ["payload"] = answer.Payload?.DeepClone() }.ToJsonString()
            : $"{answer.Status} {answer.Payload?.ToJsonString()}".TrimEnd());
        return answer.Status >= 400 ? ExitCodes.Failed : ExitCodes.Passed;
    }
}
