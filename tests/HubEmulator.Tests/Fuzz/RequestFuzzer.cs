using System.Text;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Damaged bytes of requests on the HTTPS port, among them WebSocket upgrades with noise behind them.</summary>
internal sealed class RequestFuzzer : IFuzzer
{
    public string Name => "bytes of requests";

    public int InputsOfRound => 4;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        using FuzzLine line = await FuzzLine.OpenAsync(hub, hub.Hub.HttpsPort, withTls: true, cancel);
        bool isUpgrade = random.Next(2) == 0;
        byte[] first = isUpgrade ? Upgrade(hub, random) : Get(hub);
        var bytes = new List<byte>(random.Next(2) == 0 ? first : Mutation.Damage(random, first));
        for (int input = 1; input < InputsOfRound; input++)
        {
            bytes.AddRange(isUpgrade ? Frame(random) : Mutation.Damage(random, Get(hub)));
        }

        await line.SendAsync([.. bytes], cancel);
        await line.EndAsync(cancel);
    }

    private static byte[] Get(TestHub hub) => Encoding.ASCII.GetBytes(
        $"PUT /devices/dev-02?api-version=2021-04-12 HTTP/1.1\r\nHost: {hub.Hub.HostName}\r\nAuthorization: {hub.ServiceToken()}\r\nContent-Type: application/json\r\nContent-Length: 21\r\n\r\n{{\"deviceId\":\"dev-02\"}}");

    private static byte[] Upgrade(TestHub hub, Random random)
    {
        string protocol = random.Next(2) == 0 ? "mqtt" : "AMQPWSB10";
        return Encoding.ASCII.GetBytes(
            $"GET /$iothub/websocket HTTP/1.1\r\nHost: {hub.Hub.HostName}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: {protocol}\r\n\r\n");
    }

    /// <summary>A masked binary frame around noise, and now and then no such thing.</summary>
    private static byte[] Frame(Random random)
    {
        byte[] noise = Mutation.Noise(random, 120);
        byte[] mask = new byte[4];
        random.NextBytes(mask);
        byte[] frame = [0x82, (byte)(0x80 | noise.Length), .. mask, .. noise];
        return random.Next(3) == 0 ? Mutation.Damage(random, frame) : frame;
    }
}
