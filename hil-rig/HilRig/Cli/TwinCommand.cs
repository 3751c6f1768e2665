using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary><c>hilrig twin get</c> and <c>hilrig twin set</c>: what a cloud back end does to a device twin.</summary>
internal static class TwinCommand
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly Argument<string?> GetDevice = new("DEVICE") { Description = "The device (default: the hub's only one).", Arity = ArgumentArity.ZeroOrOne };
    private static readonly Option<string?> SetDevice = new("--device") { Description = "The device (default: the hub's only one).", HelpName = "ID" };

    private static readonly Argument<string[]> Assignments = new("PATH=VALUE")
    {
        Description = "A desired property and its value, for example climate.interval=1s. The first name of a longer path is a component; null deletes.",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<int> Wait = new("--wait")
    {
        Description = "How many seconds to wait for the device's acknowledgement, 0 to 300 (default: 5).",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 5,
    };

    static TwinCommand()
    {
        Wait.Limit(0, 300, " seconds");
    }

    public static Command Build()
    {
        var get = new Command("get", "Show a device twin.") { GetDevice, HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        get.SetAction(GetAsync);
        var set = new Command("set", "Change desired properties and wait for the device's acknowledgement.") { Assignments, SetDevice, Wait, HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        set.SetAction(SetAsync);
        return new Command("twin", "Read and change device twins.") { get, set };
    }

    private static async Task<int> GetAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        HubFile hub = HubChoice.Find(parsed);
        using var service = new ServiceClient(hub, TimeProvider.System);
        JsonObject twin = await service.GetTwinAsync(HubChoice.Device(parsed.GetValue(GetDevice), hub), cancellationToken);
        Console.WriteLine(parsed.GetValue(HubChoice.Json) ? twin.ToJsonString() : Brief(twin).ToJsonString(Indented));
        return ExitCodes.Passed;
    }

    // People see the two sections without the metadata; --json gives everything.
    private static JsonObject Brief(JsonObject twin)
    {
        var brief = new JsonObject { ["deviceId"] = twin["deviceId"]?.DeepClone(), ["connectionState"] = twin["connectionState"]?.DeepClone() };
        foreach (string section in new[] { "desired", "reported" })
        {
            JsonObject? properties = twin["properties"]?[section]?.DeepClone() as JsonObject;
            properties?.Remove("$metadata");
            brief[section] = properties;
        }
        return brief;
    }

    private static async Task<int> SetAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        TwinAssignment[] assignments = [.. parsed.GetRequiredValue(Assignments).Select(TwinAssignment.Parse)];
        HubFile hub = HubChoice.Find(parsed);
        string device = HubChoice.Device(parsed.GetValue(SetDevice), hub);
        using var service = new ServiceClient(hub, TimeProvider.System);
        JsonObject twin = await service.PatchDesiredAsync(device, TwinAssignment.ToDesired(assignments), cancellationToken);
        long version = PropertyAnswer.DesiredVersion(twin);
        var answers = new PropertyAnswer?[assignments.Length];
        await Waiting.UntilAsync(
            async () =>
            {
                twin = await service.GetTwinAsync(device, cancellationToken);
                answers = [.. assignments.Select(one => PropertyAnswer.Find(twin, one.Path) is { } found && found.Version >= version ? found : null)];
                return answers.All(answer => answer is not null);
            },
            TimeSpan.FromSeconds(parsed.GetValue(Wait)),
            TimeProvider.System,
            cancellationToken);
        Write(parsed.GetValue(HubChoice.Json), version, assignments, answers);
        return answers.Any(answer => answer?.Code >= 400) ? ExitCodes.Failed : ExitCodes.Passed;
    }

    private static void Write(bool asJson, long version, TwinAssignment[] assignments, PropertyAnswer?[] answers)
    {
        if (asJson)
        {
            var document = new JsonObject { ["desiredVersion"] = version };
            var acknowledged = new JsonObject();
            foreach ((TwinAssignment assignment, PropertyAnswer? answer) in assignments.Zip(answers))
            {
                acknowledged[assignment.DottedPath] = answer is null
                    ? null
                    : new JsonObject { ["value"] = answer.Value?.DeepClone(), ["ac"] = answer.Code, ["av"] = answer.Version, ["ad"] = answer.Description };
            }
            document["acknowledged"] = acknowledged;
            Console.WriteLine(document.ToJsonString());
            return;
        }
        foreach ((TwinAssignment assignment, PropertyAnswer? answer) in assignments.Zip(answers))
        {
            Console.WriteLine(answer is null
                ? $"{assignment.DottedPath}: stored as version {version}, not acknowledged yet; is the node running?"
                : $"{assignment.DottedPath} = {answer.Value?.ToJsonString() ?? "null"}: {answer.Code}{(answer.Description is null ? "" : $" {answer.Description}")}, version {answer.Version}");
        }
    }
}
