using System.Globalization;
using System.Text;
using Node.Benchmarks.Brokers;
using Node.Benchmarks.Report;

namespace Node.Benchmarks.Nodes;

/// <summary>Readings through the spool from end to end, and SQLite alone in turn with it: goal 12, as Markdown.</summary>
internal static class SpoolRate
{
    private const string Spool = "the spool, end to end";
    private const string Batched = "SQLite alone, 100 a commit";
    private const string Single = "SQLite alone, one a commit";

    /// <summary>Measures, prints and judges this part alone.</summary>
    public static void RunAlone(int rounds)
    {
        if (NodePrograms.MakeProbe() is not { } probe)
        {
            return;
        }

        Console.WriteLine(Machine.Describe());
        Results<double[]> results = Run(probe, rounds);
        var goals = new Goals("Each is direct.");
        Judge(results, goals);
        goals.Close();
    }

    /// <summary>Measures and prints.</summary>
    /// <param name="probe">The probe's assembly.</param>
    /// <param name="rounds">How often.</param>
    public static Results<double[]> Run(string probe, int rounds)
    {
        using var sink = new SinkProcess();
        string root = Convert.ToBase64String(Encoding.ASCII.GetBytes(sink.Endpoint.RootPem));
        Results<double[]> results = Rounds.Run(rounds, [
            new Subject<double[]>(Spool, () => HostProbe.RunAsTheNode(probe, "spool", sink.Endpoint.Port.ToString(CultureInfo.InvariantCulture), root)),
            new Subject<double[]>(Batched, () => HostProbe.RunAsTheNode(probe, "sqlite", "100")),
            new Subject<double[]>(Single, () => HostProbe.RunAsTheNode(probe, "sqlite", "1"))]);
        Table.Begin(
            "The node: the spool",
            $"256 bytes each, synchronous=FULL. End to end is queued, stored, sent to the sink, confirmed and deleted, 100,000 readings after 20,000; nothing is sent before its commit. {rounds} rounds, medians (least–most).",
            "what", "readings a second", "readings a commit", "CPU µs a reading", "÷ SQLite, 100 a commit", "÷ SQLite, one a commit");
        foreach (string name in results.Names)
        {
            Table.Row(
                name, Figure.Whole(results.Median(name, one => one[0])), name == Spool ? Figure.Whole(results.Median(name, one => one[1])) : name == Batched ? "100" : "1",
                Figure.Fine(results.Median(name, one => one[^1])),
                results.Ratio(name, Batched, one => one[0]).ToString(), results.Ratio(name, Single, one => one[0]).ToString());
        }

        return results;
    }

    /// <summary>Adds the rows of goal 12.</summary>
    public static void Judge(Results<double[]> results, Goals goals)
    {
        const string Here = "direct";
        goals.AtLeast("12", "spool, end to end ÷ SQLite, 100 a commit", results.Ratio(Spool, Batched, one => one[0]).Median, 0.6, Here);
        goals.AtLeast("12", "spool, end to end ÷ SQLite, one a commit", results.Ratio(Spool, Single, one => one[0]).Median, 20, Here);
        goals.AtLeast("12", "everything confirmed and deleted (1 is yes)", results.Of(Spool).Min(one => one[2]), 1, Here);
    }
}
