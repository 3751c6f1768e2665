namespace Node.Sensors.Bus;

/// <summary>Where two traces differ, as lines for people. Time does not count.</summary>
public static class BusTraceDiff
{
    /// <summary>How far ahead the comparison looks for where both agree again.</summary>
    private const int Window = 200;

    /// <summary>How many lines are told of at most; the rest is counted.</summary>
    private const int MostLines = 1_000;

    private const int Context = 2;

    /// <summary>Compares entry by entry.</summary>
    /// <returns>Empty when both tell the same; otherwise lines that begin with <c>  </c> (both), <c>- </c> (only the first) or <c>+ </c> (only the second).</returns>
    public static IReadOnlyList<string> Compare(BusTrace first, BusTrace second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        IReadOnlyList<BusTraceEntry> a = first.Entries;
        IReadOnlyList<BusTraceEntry> b = second.Entries;
        List<string> lines = [];
        int differences = 0;
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            if (i < a.Count && j < b.Count && a[i].Matches(b[j]))
            {
                (i, j) = (i + 1, j + 1);
                continue;
            }

            (int skipA, int skipB) = Resynchronize(a, b, i, j);
            differences += skipA + skipB;
            if (lines.Count < MostLines) { Tell(lines, a, b, i, j, skipA, skipB); }

            (i, j) = (i + skipA, j + skipB);
        }

        if (differences > 0) { lines.Add($"{differences} entries differ ({a.Count} in {first.Name}, {b.Count} in {second.Name})"); }

        return lines;
    }

    /// <summary>How many entries to leave out of each until they match again.</summary>
    private static (int SkipA, int SkipB) Resynchronize(IReadOnlyList<BusTraceEntry> a, IReadOnlyList<BusTraceEntry> b, int i, int j)
    {
        for (int distance = 1; distance <= Window; distance++)
        {
            for (int skip = 0; skip <= distance; skip++)
            {
                if (Agrees(a, b, i + skip, j + distance - skip)) { return (skip, distance - skip); }
            }
        }

        return (Math.Min(Window, a.Count - i), Math.Min(Window, b.Count - j));
    }

    private static bool Agrees(IReadOnlyList<BusTraceEntry> a, IReadOnlyList<BusTraceEntry> b, int i, int j)
    {
        if (i > a.Count || j > b.Count) { return false; }

        if (i == a.Count || j == b.Count) { return i == a.Count && j == b.Count; }

        return a[i].Matches(b[j]);
    }

    private static void Tell(List<string> lines, IReadOnlyList<BusTraceEntry> a, IReadOnlyList<BusTraceEntry> b, int i, int j, int skipA, int skipB)
    {
        lines.Add($"@ entry {i + 1} of the first, {j + 1} of the second");
        for (int before = Math.Max(0, i - Context); before < i; before++) { lines.Add($"  {a[before]}"); }

        for (int only = i; only < i + skipA; only++) { lines.Add($"- {a[only]}"); }

        for (int only = j; only < j + skipB; only++) { lines.Add($"+ {b[only]}"); }
    }
}
