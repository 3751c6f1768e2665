using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace HubEmulator.Amqp;

/// <summary>Hands Kestrel's TLS connections on the AMQP port to the gateway, and drops them when the listener stops.</summary>
internal sealed class AmqpConnectionHandler(AmqpGateway gateway) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration stop = stopping.Register(connection.Abort);
        await gateway.ServeAsync(new AmqpLine(connection.Transport, connection.Abort));
    }
}
