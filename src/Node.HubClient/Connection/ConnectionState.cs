using System.Diagnostics;
using static Node.HubClient.Connection.ConnectionEvent;
using static Node.HubClient.Connection.ConnectionState;

namespace Node.HubClient.Connection;

/// <summary>Where the client stands with the hub.</summary>
internal enum ConnectionState
{
    /// <summary>No connection; the retry schedule says when the next attempt is due.</summary>
    Disconnected,

    /// <summary>Name resolution, TCP, TLS, CONNECT: no CONNACK yet.</summary>
    Connecting,

    /// <summary>Accepted; the subscriptions that features need are not all granted yet.</summary>
    Subscribing,

    /// <summary>Accepted and subscribed: traffic flows.</summary>
    Connected,
}

/// <summary>What moves a client from one state to another.</summary>
internal enum ConnectionEvent
{
    /// <summary>The retry schedule's moment has come.</summary>
    RetryDue,

    /// <summary>CONNACK 0.</summary>
    Accepted,

    /// <summary>Every SUBACK is in, or none was needed.</summary>
    SubscriptionsGranted,

    /// <summary>CONNACK other than 0.</summary>
    Refused,

    /// <summary>The link broke, stayed silent or broke the protocol.</summary>
    LinkLost,

    /// <summary>The client closed the connection itself, to come back with a new token.</summary>
    TokenExpiring,
}

/// <summary>The transition table: the only place that maps a state and an event to the next state.</summary>
internal static class ConnectionTransitions
{
    /// <summary>The next state.</summary>
    /// <exception cref="UnreachableException">The pair cannot occur: a defect, never a network condition.</exception>
    public static ConnectionState Next(ConnectionState state, ConnectionEvent happened) => (state, happened) switch
    {
        (Disconnected, RetryDue) => Connecting,
        (Connecting, Accepted) => Subscribing,
        (Subscribing, SubscriptionsGranted) => Connected,
        (Connecting, Refused) => Disconnected,
        (Connecting or Subscribing or Connected, LinkLost) => Disconnected,
        (Subscribing or Connected, TokenExpiring) => Disconnected,
        _ => throw new UnreachableException($"{happened} while {state}"),
    };
}
