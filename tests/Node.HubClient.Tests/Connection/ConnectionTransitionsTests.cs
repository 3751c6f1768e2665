using System.Diagnostics;
using Node.HubClient.Connection;

namespace Node.HubClient.Tests.Connection;

public sealed class ConnectionTransitionsTests
{
    private static readonly Dictionary<(ConnectionState, ConnectionEvent), ConnectionState> Legal = new()
    {
        [(ConnectionState.Disconnected, ConnectionEvent.RetryDue)] = ConnectionState.Connecting,
        [(ConnectionState.Connecting, ConnectionEvent.Accepted)] = ConnectionState.Subscribing,
        [(ConnectionState.Connecting, ConnectionEvent.Refused)] = ConnectionState.Disconnected,
        [(ConnectionState.Connecting, ConnectionEvent.LinkLost)] = ConnectionState.Disconnected,
        [(ConnectionState.Subscribing, ConnectionEvent.SubscriptionsGranted)] = ConnectionState.Connected,
        [(ConnectionState.Subscribing, ConnectionEvent.LinkLost)] = ConnectionState.Disconnected,
        [(ConnectionState.Subscribing, ConnectionEvent.TokenExpiring)] = ConnectionState.Disconnected,
        [(ConnectionState.Connected, ConnectionEvent.LinkLost)] = ConnectionState.Disconnected,
        [(ConnectionState.Connected, ConnectionEvent.TokenExpiring)] = ConnectionState.Disconnected,
    };

    [Fact]
    public void Every_pair_is_legal_as_listed_or_a_defect()
    {
        foreach (ConnectionState state in Enum.GetValues<ConnectionState>())
        {
            foreach (ConnectionEvent happened in Enum.GetValues<ConnectionEvent>())
            {
                if (Legal.TryGetValue((state, happened), out ConnectionState next))
                {
                    Assert.Equal(next, ConnectionTransitions.Next(state, happened));
                }
                else
                {
                    Assert.Throws<UnreachableException>(() => ConnectionTransitions.Next(state, happened));
                }
            }
        }
    }
}
