using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Whatever bytes a peer sends after the CONNECT, the transport reads them as events or gives the connection up; it never throws.</summary>
public sealed class PacketFuzzTests
{
    private const int ScriptsPerSeed = 60;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>What a server sends.</summary>
    private static readonly byte[][] Legal =
    [
        [0x20, 2, 0, 0], [0x20, 2, 1, 5], [0x40, 2, 0, 7], [0x90, 4, 0xF0, 0, 0, 1], [0x90, 3, 0xF0, 0, 0x80], [0xB0, 2, 0xF0, 1], [0xD0, 0],
    ];

    /// <summary>What no server sends to this client, too short, too long or of the wrong kind.</summary>
    private static readonly byte[][] Illegal =
    [
        [0x50, 2, 0, 1], [0x62, 2, 0, 1], [0x70, 2, 0, 1], [0x10, 12, 0, 4, 0x4D, 0x51, 0x54, 0x54, 4, 0, 0, 0, 0, 0], [0x82, 6, 0, 1, 0, 1, 0x61, 0], [0xC0, 0], [0xE0, 0], [0xF0, 0],
        [0x00, 0], [0x30, 0], [0x32, 3, 0, 1, 0x61], [0x36, 5, 0, 1, 0x61, 0, 1], [0x30, 0xFF, 0xFF, 0xFF, 0x7F], [0x30, 0x80, 0x80, 0x80, 0x80, 1], [0x20, 0], [0x40, 1, 0], [0x90, 1, 0],
    ];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task Any_bytes_become_events_or_the_end_of_the_connection(int seed)
    {
        await using var peer = new ScriptedPeer();
        using var transport = new PolledMqttTransport(new LinkEndpoint("peer.localhost", peer.Port), new LinkRoute { Roots = TrustedRoots.Parse(peer.RootPem) }, TimeProvider.System);
        var random = new Random(seed);
        var seen = new HashSet<TransportEventKind>();
        for (int number = 0; number < ScriptsPerSeed; number++)
        {
            peer.Script = Script(random);
            transport.Open(new ConnectRequest("dev1", "user", "token", 240, null));

            Exception? thrown = Record.Exception(() => ReadToTheEnd(transport, seen));

            Assert.True(thrown is null, $"seed {seed}, script {number}: {Convert.ToHexString(peer.Script)} gave {thrown}");
        }

        Assert.Equal(Enum.GetValues<TransportEventKind>(), seen.Order()); // Every kind of event came about.
    }

    [Fact]
    public async Task Every_truncation_of_a_packet_is_the_end_of_the_connection_and_no_event()
    {
        await using var peer = new ScriptedPeer();
        using var transport = new PolledMqttTransport(new LinkEndpoint("peer.localhost", peer.Port), new LinkRoute { Roots = TrustedRoots.Parse(peer.RootPem) }, TimeProvider.System);
        byte[] whole = Publish(Vectors.MethodCall);
        for (int length = 0; length < whole.Length; length++)
        {
            var seen = new HashSet<TransportEventKind>();
            peer.Script = whole[..length];
            transport.Open(new ConnectRequest("dev1", "user", "token", 240, null));

            ReadToTheEnd(transport, seen);

            Assert.Equal([TransportEventKind.Lost], seen);
        }
    }

    [Fact]
    public async Task Every_connack_code_is_an_acceptance_a_refusal_with_that_code_or_the_end()
    {
        await using var peer = new ScriptedPeer();
        using var transport = new PolledMqttTransport(new LinkEndpoint("peer.localhost", peer.Port), new LinkRoute { Roots = TrustedRoots.Parse(peer.RootPem) }, TimeProvider.System);
        foreach (byte code in (byte[])[0, 1, 2, 3, 4, 5, 6, 7, 16, 127, 128, 134, 135, 254, 255])
        {
            peer.Script = [0x20, 2, 0, code];
            transport.Open(new ConnectRequest("dev1", "user", "token", 240, null));
            TransportEvent happened;
            while (!transport.TryRead(out happened))
            {
                // The connection is on its way.
            }

            Assert.Equal(code == 0 ? TransportEventKind.Accepted : TransportEventKind.Refused, happened.Kind);
            Assert.Equal(code, happened.Code);
        }
    }

    private static void ReadToTheEnd(PolledMqttTransport transport, HashSet<TransportEventKind> seen)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            if (transport.TryRead(out TransportEvent happened))
            {
                seen.Add(happened.Kind);
                if (happened.Kind is TransportEventKind.Lost)
                {
                    Assert.NotEmpty(happened.Detail!);
                    return;
                }
            }

            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "the connection does not end");
        }
    }

    private static byte[] Script(Random random)
    {
        var script = new List<byte>();
        for (int packet = random.Next(1, 12); packet > 0; packet--)
        {
            byte[] bytes = random.Next(8) switch
            {
                0 or 1 => Publish(Vectors.All[random.Next(Vectors.All.Length)]),
                2 => [.. Illegal[random.Next(Illegal.Length)]],
                _ => [.. Legal[random.Next(Legal.Length)]],
            };
            if (random.Next(8) == 0)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            script.AddRange(random.Next(12) == 0 ? bytes[..random.Next(bytes.Length)] : bytes);
        }

        return [.. script];
    }

    private static byte[] Publish(string topic)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(topic);
        int remaining = bytes.Length + 4;
        return [0x32, (byte)(remaining | 0x80), (byte)(remaining >> 7), 0, (byte)bytes.Length, .. bytes, 0, 9]; // QoS 1, an empty payload
    }
}
