using System.Net;

namespace HubEmulator.Listening;

/// <summary>The ports of a hub, bound without listening. Whoever listens takes the sockets over; what is left is closed at dispose.</summary>
internal sealed class HubPorts : IDisposable
{
    private HubPorts(PortReservation mqtt, PortReservation https, PortReservation amqp)
    {
        Mqtt = mqtt;
        Https = https;
        Amqp = amqp;
    }

    public PortReservation Mqtt { get; }

    public PortReservation Https { get; }

    public PortReservation Amqp { get; }

    /// <summary>Binds all of them, or none.</summary>
    /// <param name="address">Where; see <see cref="PortReservation.Take"/>.</param>
    /// <param name="mqtt">0 takes any that is free, here and below.</param>
    /// <param name="https">The port of services, uploads and WebSockets.</param>
    /// <param name="amqp">The port of AMQP over TLS.</param>
    /// <exception cref="LocalHubException">A port is taken or not permitted.</exception>
    public static HubPorts Take(IPAddress address, int mqtt, int https, int amqp)
    {
        var taken = new List<PortReservation>();
        try
        {
            taken.Add(PortReservation.Take(address, mqtt, "MQTT"));
            taken.Add(PortReservation.Take(address, https, "HTTPS"));
            taken.Add(PortReservation.Take(address, amqp, "AMQP"));
            return new HubPorts(taken[0], taken[1], taken[2]);
        }
        catch
        {
            taken.ForEach(port => port.Dispose());
            throw;
        }
    }

    /// <summary>The reservation that holds a port.</summary>
    public PortReservation Of(int port) => port == Mqtt.Port ? Mqtt : port == Https.Port ? Https : Amqp;

    public void Dispose()
    {
        Mqtt.Dispose();
        Https.Dispose();
        Amqp.Dispose();
    }
}
