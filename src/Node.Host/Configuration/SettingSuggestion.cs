namespace Node.Host.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class SettingSuggestion
{
    private const int LongestName = 128;

    /// <summary>The known name nearest to <paramref name="name"/>, or null when none is near: up to a third of its letters may differ.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = Math.Max(1, name.Length / 3) + 1;
        foreach (string candidate in known)
        {
            int distance = name.Length > LongestName || candidate.Length > LongestName ? int.MaxValue : Distance(name, candidate);
            if (distance < least)
            {
                (nearest, least) = (candidate, distance);
            }
        }

        return nearest;
    }

    /// <summary>Letters inserted, removed or replaced (Levenshtein), case ignored.</summary>
    private static int Distance(string from, string to)
    {
        Span<int> before = stackalloc int[to.Length + 1];
        Span<int> now = stackalloc int[to.Length + 1];
        for (int j = 0; j <= to.Length; j++)
        {
            before[j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            now[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int replaced = before[j - 1] + (char.ToLowerInvariant(from[i - 1]) == char.ToLowerInvariant(to[j - 1]) ? 0 : 1);
                now[j] = Math.Min(replaced, Math.Min(before[j], now[j - 1]) + 1);
            }

            now.CopyTo(before);
        }

        return before[to.Length];
    }
}
