using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Node.Benchmarks.Peers;

/// <summary>What C# can do at best: a prebuilt packet, a blocking socket that no asynchronous call ever touches, no bookkeeping.</summary>
internal sealed class FloorPeer(int port, string rootPem) : IPeer
{
    private const int BatchBytes = 16 * 1024;
    private readonly byte[] _packet = Publish();
    private readonly byte[] _answers = new byte[BatchBytes];
    private int _partial;
    private SslStream? _tls;

    public string Name => "floor (no API)";

    public void Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(rootPem);
        _tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        _tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "hub.localhost", CertificateChainPolicy = policy });
        _tls.Write([0x10, 17, 0, 4, .. "MQTT"u8, 4, 2, 0, 240, 0, 5, .. "bench"u8]);
        _tls.ReadExactly(_answers, 0, 4);
    }

    public void Send(int messages, int window)
    {
        byte[] batch = new byte[BatchBytes];
        int sent = 0;
        int acknowledged = 0;
        while (acknowledged < messages)
        {
            int filled = 0;
            while (sent < messages && sent - acknowledged < window && filled + _packet.Length <= BatchBytes)
            {
                _packet.CopyTo(batch, filled);
                filled += _packet.Length;
                sent++;
            }

            if (filled > 0)
            {
                _tls!.Write(batch, 0, filled);
            }

            if (sent - acknowledged >= window || sent == messages)
            {
                int read = _tls!.Read(_answers, 0, _answers.Length) + _partial;
                acknowledged += read / 4;
                _partial = read % 4;
            }
        }
    }

    public void Dispose() => _tls?.Dispose();

    private static byte[] Publish()
    {
        byte[] topic = Encoding.ASCII.GetBytes(Traffic.Topic);
        int remaining = 2 + topic.Length + 2 + Traffic.Payload.Length;
        byte[] packet = [0x32, (byte)((remaining & 0x7F) | 0x80), (byte)(remaining >> 7), 0, 0, .. topic, 0, 1, .. Traffic.Payload];
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(3), (ushort)topic.Length);
        return packet;
    }
}
