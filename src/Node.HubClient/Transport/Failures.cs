using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Authentication;
using System.Security.Cryptography;

namespace Node.HubClient.Transport;

/// <summary>Tells the world's answers from defects.</summary>
internal static class Failures
{
    /// <summary>
    /// Whether the exception means that a link failed or was closed. A certificate that cannot be shown (its owner has disposed it, its key is away) and a name that
    /// the platform will not look at are among these: they end an attempt, not a turn.
    /// </summary>
    public static bool IsOfLink(Exception thrown) => thrown
        is IOException or SocketException or WebSocketException or AuthenticationException or ObjectDisposedException or InvalidOperationException or OperationCanceledException
        or CryptographicException or ArgumentException or NotSupportedException;

    /// <summary>Whether the peer reset the connection.</summary>
    public static bool IsReset(Exception thrown) =>
        (thrown as SocketException ?? thrown.InnerException as SocketException)?.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted;

    /// <summary>What failed, for people.</summary>
    public static string Describe(Exception thrown) => thrown.InnerException is { } inner && !thrown.Message.Contains(inner.Message, StringComparison.Ordinal)
        ? $"{thrown.Message} {inner.Message}"
        : thrown.Message;
}
