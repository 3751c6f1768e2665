using System.Globalization;

namespace Node.Benchmarks.Report;

/// <summary>The table of goals: what was wanted, what a run showed, and whether that is enough.</summary>
internal sealed class Goals
{
    private int _missed;

    /// <summary>Writes the head.</summary>
    public Goals() => Table.Begin(
        "Goals",
        "C and Node are Azure's device SDKs, which do not run here. Goals against them are indirect: our ratio to MQTTnet in this run, times MQTTnet's ratio to them in an earlier run on a like machine.",
        "#", "goal", "measured", "bound", "met", "how");

    /// <summary>A figure that must not be larger.</summary>
    public void AtMost(string number, string goal, double measured, double bound, string how) => Row(number, goal, measured, $"≤ {Text(bound)}", measured <= bound, how);

    /// <summary>A figure that must not be smaller.</summary>
    public void AtLeast(string number, string goal, double measured, double bound, string how) => Row(number, goal, measured, $"≥ {Text(bound)}", measured >= bound, how);

    /// <summary>Writes the end.</summary>
    public void Close() => Console.WriteLine(_missed == 0 ? "\nAll met." : string.Create(CultureInfo.InvariantCulture, $"\n{_missed} not met."));

    private static string Text(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private void Row(string number, string goal, double measured, string bound, bool met, string how)
    {
        _missed += met ? 0 : 1;
        Table.Row(number, goal, Text(measured), bound, met ? "yes" : "**no**", how);
    }
}
