using HubEmulator.Listening;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace HubEmulator.Mqtt;

/// <summary>Hands Kestrel's TLS connections on the MQTT port to the gateway, and drops them when the listener stops.</summary>
internal sealed class MqttConnectionHandler(DeviceGateway gateway, TimeProvider clock) : ConnectionHandler
{
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        var link = new DeviceLink(connection.Transport, connection.Abort, clock);
        CancellationToken stopping = connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? default;
        await using CancellationTokenRegistration stop = stopping.Register(() => link.Close(CloseReason.HubStopped));
        await using CancellationTokenRegistration lost = connection.ConnectionClosed.Register(() => link.Close(CloseReason.LinkLost));
        await gateway.ServeAsync(link, connection.Features.Get<ClientCertificateFeature>()?.Certificate);
    }
}
