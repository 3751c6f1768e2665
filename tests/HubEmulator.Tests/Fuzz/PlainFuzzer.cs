using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Bytes in place of a TLS handshake, on each port: noise, a damaged ClientHello, MQTT, AMQP and HTTP without TLS.</summary>
internal sealed class PlainFuzzer : IFuzzer
{
    private static readonly byte[] Hello = Convert.FromHexString("16030100C5010000C10303");

    public string Name => "before TLS";

    public int InputsOfRound => 1;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        int[] ports = [hub.Hub.MqttPort, hub.Hub.HttpsPort, hub.Hub.AmqpPort];
        byte[] bytes = random.Next(4) switch
        {
            0 => Mutation.Noise(random, 600),
            1 => [.. Mutation.Damage(random, Hello), .. Mutation.Noise(random, 300)],
            2 => Mutation.Damage(random, Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, "x")),
            _ => "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(),
        };
        using FuzzLine line = await FuzzLine.OpenAsync(hub, ports[random.Next(ports.Length)], withTls: false, cancel);
        await line.SendAsync(bytes, cancel);
        await line.EndAsync(cancel);
    }
}
