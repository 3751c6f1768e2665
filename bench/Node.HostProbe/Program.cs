using System.Globalization;
using Node.HostProbe;

// Parts of the node that are measured from inside, each in a process of its own; 'dotnet run --project bench/Node.Benchmarks -- node' starts it.
// Prints its figures on one line, parted by spaces. quartz: nothing, until its standard input ends.
switch (args)
{
    case ["quartz", var period]:
        await BareQuartz.RunAsync(TimeSpan.FromMilliseconds(double.Parse(period, CultureInfo.InvariantCulture)));
        return 0;
    case ["latency", var nudged, .. var settings]:
        Print(await ReadingLatency.MeasureAsync(nudged == "nudge", settings));
        return 0;
    case ["spool", var port, var root]:
        Print(SpoolThroughput.EndToEnd(int.Parse(port, CultureInfo.InvariantCulture), Convert.FromBase64String(root)));
        return 0;
    case ["sqlite", var batch]:
        Print(BareSqlite.Measure(int.Parse(batch, CultureInfo.InvariantCulture)));
        return 0;
    default:
        Console.Error.WriteLine("quartz MILLISECONDS | latency nudge|cadence KEY=VALUE… | spool PORT ROOT | sqlite ROWS-A-COMMIT");
        return 2;
}

static void Print(params double[] figures) =>
    Console.Out.Write(string.Join(' ', figures.Select(figure => figure.ToString("R", CultureInfo.InvariantCulture))));
