namespace Node.Sensors.Emulation;

/// <summary>What a misspelt name was probably meant to be.</summary>
internal static class NearestName
{
    /// <returns>A sentence that suggests a name, or lists them all when none is near.</returns>
    public static string Suggest(string name, IReadOnlyCollection<string> known)
    {
        string? nearest = known.MinBy(one => Distance(name, one));
        return nearest is not null && Distance(name, nearest) <= Math.Max(2, nearest.Length / 3)
            ? $"did you mean \"{nearest}\"?"
            : $"allowed is {string.Join(", ", known)}.";
    }

    /// <summary>How many letters must be added, taken away or exchanged; case does not count.</summary>
    private static int Distance(string left, string right)
    {
        left = left.Length > 64 ? left[..64] : left;
        int[] row = [.. Enumerable.Range(0, right.Length + 1)];
        for (int i = 1; i <= left.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= right.Length; j++)
            {
                int exchange = diagonal + (char.ToUpperInvariant(left[i - 1]) == char.ToUpperInvariant(right[j - 1]) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchange, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
