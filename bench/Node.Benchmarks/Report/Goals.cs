using System.Globalization;

namespace Node.Benchmarks.Report;

/// <summary>The table of goals: what was wanted, what a run showed, and whether that is enough.</summary>
internal sealed class Goals
{
    private int _met;
    private int _missed;
    private int _unclear;

    /// <summary>What the goals of the client rest on.</summary>
    public const string OfTheClient =
        "C and Node are Azure's device SDKs, which do not run here. A goal against them is an estimate: our ratio to MQTTnet's low-level client in this run, times that client's ratio to the SDK in an earlier run "
        + "on a like machine; and, where it is known, the same by the floor instead of MQTTnet. Two estimates that disagree about the goal make it *unclear*: then neither is worth much, and only a run beside the SDK can tell.";

    /// <summary>Writes the head.</summary>
    /// <param name="about">How the figures came about.</param>
    public Goals(string about) => Table.Begin("Goals", about, "#", "goal", "measured", "bound", "met", "how");

    /// <summary>A figure that must not be larger.</summary>
    public void AtMost(string number, string goal, double measured, double bound, string how) => Row(number, goal, measured, $"≤ {Text(bound)}", measured <= bound, how);

    /// <summary>A figure that must not be smaller.</summary>
    public void AtLeast(string number, string goal, double measured, double bound, string how) => Row(number, goal, measured, $"≥ {Text(bound)}", measured >= bound, how);

    /// <summary>An estimated figure that must not be larger.</summary>
    public void AtMost(string number, string goal, Estimate measured, double bound) => Row(number, goal, measured, $"≤ {Text(bound)}", one => one <= bound);

    /// <summary>An estimated figure that must not be smaller.</summary>
    public void AtLeast(string number, string goal, Estimate measured, double bound) => Row(number, goal, measured, $"≥ {Text(bound)}", one => one >= bound);

    /// <summary>Writes the end.</summary>
    public void Close() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{_met} met, {_missed} not, {_unclear} unclear."));

    private static string Text(double value) => value.ToString(Math.Abs(value) >= 100 ? "N0" : "0.###", CultureInfo.InvariantCulture);

    private void Row(string number, string goal, double measured, string bound, bool met, string how) =>
        Table.Row(number, goal, Text(measured), bound, Verdict(met, met), how);

    private void Row(string number, string goal, Estimate measured, string bound, Func<double, bool> isMet) => Table.Row(
        number,
        goal,
        measured.ByFloor is { } floor ? $"{Text(measured.ByLow)} by low, {Text(floor)} by the floor" : Text(measured.ByLow),
        bound,
        Verdict(isMet(measured.ByLow), isMet(measured.ByFloor ?? measured.ByLow)),
        measured.ByFloor is null ? "one estimate" : "two estimates");

    private string Verdict(bool met, bool metToo)
    {
        (_met, _missed, _unclear) = (_met + (met && metToo ? 1 : 0), _missed + (met || metToo ? 0 : 1), _unclear + (met == metToo ? 0 : 1));
        return met != metToo ? "*unclear*" : met ? "yes" : "**no**";
    }
}
