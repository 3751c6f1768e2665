using Node.HubClient.Features;

namespace Node.HubClient.Connection;

/// <summary>Tells the caller of connection events, in words that say what may help. Once the client is being disposed it says nothing more.</summary>
/// <param name="hostName">The hub.</param>
/// <param name="clientId">Who connects.</param>
/// <param name="callbacks">Runs what was registered.</param>
/// <param name="isStopping">Whether the client is being disposed.</param>
internal sealed class StatusTeller(string hostName, string clientId, Callbacks callbacks, Func<bool> isStopping)
{
    private ConnectionStatusCallback? _callback;
    private object? _context;

    /// <summary>Whether the client is being disposed, so that nothing more is told.</summary>
    public bool IsSilent => isStopping();

    /// <summary>Registers; null unregisters.</summary>
    public void Register(ConnectionStatusCallback? callback, object? context)
    {
        _callback = callback;
        _context = context;
    }

    /// <summary>Connected, and every subscription granted.</summary>
    public void Connected() => Tell(new ConnectionStatusChange(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null));

    /// <summary>No attempt can be made now.</summary>
    public void Waiting(ConnectionStatusReason reason, string what, TimeSpan? retryIn) => TellUnauthenticated(reason, $"Connecting to {hostName} waits: {what}.", null, retryIn);

    /// <summary>The hub refused the connection.</summary>
    public void Refused(ConnectionStatusReason reason, int code, string why, TimeSpan? retryIn) =>
        TellUnauthenticated(reason, $"{hostName} refused {clientId} (CONNACK {code}): {why}.", code, retryIn);

    /// <summary>A connection, or an attempt at one, is over.</summary>
    public void Lost(ConnectionFault fault, TimeSpan? retryIn) => TellUnauthenticated(fault.Reason, $"Connection to {hostName} lost: {fault.Detail}.", null, retryIn);

    /// <summary>The client itself closed the connection.</summary>
    public void Renewing() =>
        TellUnauthenticated(ConnectionStatusReason.ExpiredSasToken, "Closed in order to come back with a new credential or option; nothing is lost.", null, TimeSpan.Zero);

    /// <summary>No attempt will come by itself any more.</summary>
    public void GivenUp() =>
        TellUnauthenticated(ConnectionStatusReason.RetryExpired, "The retry policy has given up; what is queued stays queued, and setting a retry policy tries again.", null, null);

    /// <summary>The hub let the client in and closed the connection soon after, again and again.</summary>
    public void TakenOver(int times, TimeSpan? retryIn)
    {
        string detail = $"{hostName} closed the connection of {clientId} soon after accepting it, {times} times in a row: most likely another client connects with the same identity. Give each its own.";
        Tell(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork, detail, null, retryIn) { SuspectsTakeover = true });
    }

    /// <summary>The refusal was due to this device's clock.</summary>
    public void ClockIsWrong(TimeSpan skew, TimeSpan? retryIn)
    {
        string detail = $"This device's clock is {skew.Duration():d\\.hh\\:mm\\:ss} {(skew > TimeSpan.Zero ? "behind" : "ahead of")} that of {hostName}: set it; the token was refused for that, and the next attempt follows at once.";
        Tell(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.BadCredential, detail, null, retryIn) { ClockSkew = skew });
    }

    private void TellUnauthenticated(ConnectionStatusReason reason, string detail, int? code, TimeSpan? retryIn) =>
        Tell(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, reason, detail, code, retryIn));

    private void Tell(ConnectionStatusChange change)
    {
        if (!IsSilent)
        {
            callbacks.Status(_callback, change, _context);
        }
    }
}
