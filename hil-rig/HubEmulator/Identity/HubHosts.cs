namespace HubEmulator.Identity;

/// <summary>
/// The names under which clients may address this hub: its own, and those of the loopback interface, each with or without a port.
/// A client that dials a non-standard port often carries the port in its user name, token and Host header.
/// </summary>
internal sealed class HubHosts(string hostName)
{
    public string HostName { get; } = hostName;

    /// <summary>Compares without case, because host names have none.</summary>
    public bool Contains(ReadOnlySpan<char> host)
    {
        ReadOnlySpan<char> name = WithoutPort(host);
        return Same(name, HostName) || Same(name, "localhost") || Same(name, "127.0.0.1") || Same(name, "::1");
    }

    private static bool Same(ReadOnlySpan<char> left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> WithoutPort(ReadOnlySpan<char> host)
    {
        if (host.StartsWith("["))
        {
            int bracket = host.IndexOf(']');
            return bracket < 0 ? host : host[1..bracket];
        }

        int colon = host.IndexOf(':');
        bool onePort = colon >= 0 && host[(colon + 1)..].IndexOf(':') < 0;
        return onePort && ushort.TryParse(host[(colon + 1)..], out _) ? host[..colon] : host;
    }
}
