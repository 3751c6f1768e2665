namespace Node.HubClient.Protocol;

/// <summary>
/// Which messages carry diagnostic properties (option <c>diag_sampling_percentage</c>): with k counting messages from 1, a message is
/// sampled when floor((k-2)p/100) is less than floor((k-1)p/100), so the first one is at any p above 0.
/// </summary>
internal sealed class DiagnosticSampling(int percentage, Random random)
{
    private const string Letters = "0123456789abcdefghijklmnopqrstuvwxyz";
    private const int IdLength = 8;
    private readonly Lock _gate = new();
    private long _count;

    /// <summary>An id for the next message, 8 characters of base 36; null when it is not sampled. Any thread.</summary>
    public string? Next()
    {
        lock (_gate)
        {
            _count++;
            bool sampled = percentage > 0 && Floor((_count - 2) * percentage) < Floor((_count - 1) * percentage);
            return sampled ? string.Create(IdLength, random, static (id, source) => source.GetItems(Letters, id)) : null;
        }
    }

    private static long Floor(long hundredths) => (long)Math.Floor(hundredths / 100.0);
}
