using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace HubEmulator.Tests.Live;

public sealed class GarbageTests
{
    private const int Connections = 2000;
    private const int AtOnce = 16;

    [Fact]
    public async Task Two_thousand_bad_clients_leave_the_hub_serving_a_good_one()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice good = await hub.ConnectAsync();
        byte[] connect = Packets.Connect(hub.Hub.HostName, TestHub.DeviceId, hub.DeviceToken(key: hub.ServiceKey)); // the wrong key: some damage would leave it good

        await Parallel.ForAsync(0, Connections, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (seed, cancel) =>
        {
            byte[] bytes = Bad(new Random(seed), connect);
            await SendAndWaitForEndAsync(hub, bytes, withTls: seed % 8 != 0, cancel);
        });

        await good.PublishAsync("devices/dev-01/messages/events/%24.mid=still-here");
        Assert.Equal(["still-here"], hub.Hub.Telemetry.Snapshot().Select(message => message.MessageId));
    }

    /// <summary>Random bytes, a truncated or damaged CONNECT, or a header that promises too much.</summary>
    private static byte[] Bad(Random random, byte[] connect)
    {
        switch (random.Next(4))
        {
            case 0:
                byte[] noise = new byte[random.Next(1, 2000)];
                random.NextBytes(noise);
                return noise;
            case 1:
                return connect[..random.Next(1, connect.Length - 1)];
            case 2:
                byte[] damaged = [.. connect];
                damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
                return damaged;
            default:
                return [0x30, 0xFF, 0xFF, 0xFF, 0x7F, .. connect];
        }
    }

    private static async Task SendAndWaitForEndAsync(TestHub hub, byte[] bytes, bool withTls, CancellationToken cancel)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", hub.Hub.MqttPort, cancel);
        try
        {
            Stream stream = client.GetStream();
            if (withTls)
            {
                var tls = new SslStream(stream);
                await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hub.Hub.HostName, CertificateChainPolicy = hub.Trust() }, cancel);
                stream = tls;
            }

            await using (stream)
            {
                await stream.WriteAsync(bytes, cancel);
                client.Client.Shutdown(SocketShutdown.Send);
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
                limit.CancelAfter(TestHub.Deadline);
                using var answer = new MemoryStream();
                await stream.CopyToAsync(answer, limit.Token);
                Assert.DoesNotContain("\x20\x02\x00\x00", Encoding.Latin1.GetString(answer.ToArray()), StringComparison.Ordinal); // no CONNACK that accepts
            }
        }
        catch (IOException)
        {
            // The hub has dropped the connection, which is what it should do.
        }
    }
}
