namespace Node.Host.Configuration;

/// <summary>Guesses what a misspelt name was meant to be.</summary>
internal static class SettingSuggestion
{
    private const int LongestName = 128;

    /// <summary>The known name nearest to <paramref name="name"/>, or null when none is near: up to a third of its letters may differ.</summary>
    public static string? Nearest(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int least = Math.Max(1, (name.Length + 1) / 3) + 1;
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

    /// <summary>Letters inserted, removed, replaced or exchanged with their neighbour (optimal string alignment), case ignored.</summary>
    private static int Distance(string from, string to)
    {
        int width = to.Length + 1;
        Span<int> rows = stackalloc int[3 * width]; // The row before last, the last, and this one.
        for (int j = 0; j < width; j++)
        {
            rows[width + j] = j;
        }

        for (int i = 1; i <= from.Length; i++)
        {
            Span<int> older = rows[..width], before = rows.Slice(width, width), now = rows[(2 * width)..];
            now[0] = i;
            for (int j = 1; j < width; j++)
            {
                int replaced = before[j - 1] + (Same(from[i - 1], to[j - 1]) ? 0 : 1);
                now[j] = Math.Min(replaced, Math.Min(before[j], now[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                {
                    now[j] = Math.Min(now[j], older[j - 2] + 1);
                }
            }

            before.CopyTo(older);
            now.CopyTo(before);
        }

        return rows[(2 * width) - 1];
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);
}
