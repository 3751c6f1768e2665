using System.Net;

namespace Node.Host.Dashboard;

/// <summary>
/// Slows guessing down: after ten wrong tokens from one address within a minute, that address is not listened to until the minute is over.
/// Remembers 256 addresses at most; beyond that all others count as one. Any thread.
/// </summary>
internal sealed class WrongTokens(TimeProvider time)
{
    public const int Allowed = 10;

    private const int MostAddresses = 256;

    private static readonly TimeSpan Span = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (int Count, long Since)> _wrong = [];

    /// <summary>How long this address is not listened to; null when it is.</summary>
    public TimeSpan? WaitOf(IPAddress? address)
    {
        lock (_gate)
        {
            return _wrong.TryGetValue(KeyOf(address), out (int Count, long Since) known) && known.Count >= Allowed
                && Span - time.GetElapsedTime(known.Since) is var left && left > TimeSpan.Zero ? left : null;
        }
    }

    /// <summary>Counts a wrong token.</summary>
    public void Note(IPAddress? address)
    {
        lock (_gate)
        {
            Forget();
            string key = KeyOf(address);
            (int count, long since) = _wrong.GetValueOrDefault(key, (0, time.GetTimestamp()));
            _wrong[key] = (count + 1, since);
        }
    }

    private void Forget()
    {
        foreach (string old in _wrong.Where(known => time.GetElapsedTime(known.Value.Since) >= Span).Select(known => known.Key).ToArray())
        {
            _wrong.Remove(old);
        }
    }

    /// <summary>An IPv6 host has a whole /64 to itself.</summary>
    private string KeyOf(IPAddress? address)
    {
        byte[] bytes = (address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address)?.GetAddressBytes() ?? [];
        string key = Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 8)));
        return _wrong.ContainsKey(key) || _wrong.Count < MostAddresses ? key : "others";
    }
}
