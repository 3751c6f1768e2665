using System.CommandLine;
using System.Text.Json.Nodes;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary><c>hilrig hub fault</c>: lets a running hub misbehave on purpose, shows what it plays, and ends it.</summary>
internal static class FaultCommand
{
    private const string Ended = "ended";

    private static readonly Argument<long[]> Numbers = new("NUMBER") { Description = "The faults to end (default: all).", Arity = ArgumentArity.ZeroOrMore };

    public static Command Build()
    {
        var list = new Command("list", "Show the faults that wait, are in force, or have ended lately.") { HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        list.SetAction(ListAsync);
        var clear = new Command("clear", "End faults before their time.") { Numbers, HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        clear.SetAction(ClearAsync);
        var command = new Command("fault", "Let a running hub misbehave on purpose. Each fault is seeded and timed, and shows in the hub's log, 'hilrig hub monitor' and the page.") { list, clear };
        foreach ((string kind, string help, FaultMember[] own) in FaultKinds.All)
        {
            command.Subcommands.Add(BuildKind(kind, help, own));
        }

        return command;
    }

    private static Command BuildKind(string kind, string help, FaultMember[] own)
    {
        FaultMember[] members = [.. FaultKinds.Common, .. own];
        var command = new Command(kind, help) { HubChoice.Hub, HubChoice.Data, HubChoice.Json };
        Array.ForEach(members, member => command.Options.Add(member.Option));
        command.SetAction((parsed, cancellationToken) => PlayAsync(kind, members, parsed, cancellationToken));
        return command;
    }

    private static async Task<int> PlayAsync(string kind, FaultMember[] members, ParseResult parsed, CancellationToken cancellationToken)
    {
        HubFile hub = HubChoice.Find(parsed);
        var fault = new JsonObject { ["kind"] = kind };
        foreach (FaultMember member in members)
        {
            if (member.Read(parsed) is { } value)
            {
                fault[member.Name] = value;
            }
        }

        using var service = new ServiceClient(hub, TimeProvider.System);
        JsonObject played = await service.PlayFaultAsync(fault, cancellationToken);
        Console.WriteLine(parsed.GetValue(HubChoice.Json) ? played.ToJsonString() : FaultText.Line(played, TimeZoneInfo.Local));
        return ExitCodes.Passed;
    }

    private static async Task<int> ListAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var service = new ServiceClient(HubChoice.Find(parsed), TimeProvider.System);
        JsonArray faults = await service.FaultsAsync(cancellationToken);
        Write(faults, parsed.GetValue(HubChoice.Json), "no faults");
        return ExitCodes.Passed;
    }

    /// <summary>Ends the named faults, or all; one that ended by itself in between is no failure where all were meant.</summary>
    private static async Task<int> ClearAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var service = new ServiceClient(HubChoice.Find(parsed), TimeProvider.System);
        long[] named = parsed.GetValue(Numbers) ?? [];
        long[] meant = named.Length > 0 ? named : NumbersOf(Pending(await service.FaultsAsync(cancellationToken)));
        foreach (long number in meant)
        {
            try
            {
                await service.EndFaultAsync(number, cancellationToken);
            }
            catch (RigException fault) when (fault.Fault == RigFault.HubRefused && named.Length == 0)
            {
                continue; // it has ended meanwhile
            }
        }

        JsonArray all = await service.FaultsAsync(cancellationToken);
        Write([.. all.OfType<JsonObject>().Where(fault => meant.Contains(NumberOf(fault))).Select(fault => fault.DeepClone())], parsed.GetValue(HubChoice.Json), "no faults to end");
        return ExitCodes.Passed;
    }

    private static IEnumerable<JsonObject> Pending(JsonArray faults) => faults.OfType<JsonObject>().Where(fault => $"{fault["state"]}" != Ended);

    private static long[] NumbersOf(IEnumerable<JsonObject> faults) => [.. faults.Select(NumberOf)];

    private static long NumberOf(JsonObject fault) => fault["id"]?.GetValue<long>() ?? 0;

    private static void Write(JsonArray faults, bool asJson, string none)
    {
        if (asJson)
        {
            Console.WriteLine(faults.ToJsonString());
            return;
        }

        foreach (JsonObject fault in faults.OfType<JsonObject>())
        {
            Console.WriteLine(FaultText.Line(fault, TimeZoneInfo.Local));
        }

        if (faults.Count == 0)
        {
            Console.WriteLine(none);
        }
    }
}
