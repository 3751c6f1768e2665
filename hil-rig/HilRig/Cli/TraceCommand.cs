using System.CommandLine;
using Node.Sensors.Bus;

namespace HilRig.Cli;

/// <summary><c>hilrig trace</c>: shows and compares recorded bus conversations.</summary>
internal static class TraceCommand
{
    private static readonly Argument<string> First = new("A") { Description = "A trace, as Node:Bus:RecordTrace writes it." };
    private static readonly Argument<string> Second = new("B") { Description = "The trace to compare it with." };

    public static Command Build()
    {
        var diff = new Command("diff", "Compare two traces; time does not count. Exit code 0: the same; 1: different; 2: unusable input.") { First, Second };
        diff.SetAction(parsed => Diff(Load(parsed.GetRequiredValue(First)), Load(parsed.GetRequiredValue(Second))));
        Argument<string> file = new("FILE") { Description = First.Description };
        var show = new Command("show", "Show a trace, one line for each transfer and edge, and its digests.") { file };
        show.SetAction(parsed => Show(Load(parsed.GetRequiredValue(file))));
        return new Command("trace", "Show and compare recorded bus conversations.") { diff, show };
    }

    public static BusTrace Load(string file)
    {
        try
        {
            return BusTrace.Load(file);
        }
        catch (Exception unusable) when (unusable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, unusable.Message, unusable);
        }
    }

    private static int Diff(BusTrace first, BusTrace second)
    {
        IReadOnlyList<string> lines = BusTraceDiff.Compare(first, second);
        foreach (string line in lines) { Console.WriteLine(line); }

        if (lines.Count == 0) { Console.WriteLine($"the same {first.Entries.Count} entries"); }

        return lines.Count == 0 ? ExitCodes.Passed : ExitCodes.Failed;
    }

    private static void Show(BusTrace trace)
    {
        foreach (BusTraceEntry entry in trace.Entries) { Console.WriteLine(entry); }

        Console.WriteLine($"{trace.Entries.Count} entries, recorded from '{trace.Provider}'{(trace.WasFull ? "; the recording was full here, what came later is missing" : "")}");
        Console.WriteLine($"SHA-256 with time {trace.Digest()}");
        Console.WriteLine($"SHA-256 without   {trace.Digest(withTime: false)}");
    }
}
