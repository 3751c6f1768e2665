using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Node.Benchmarks.Brokers;

namespace Node.Benchmarks.Peers;

/// <summary>What C# can do at best: a prebuilt packet, a blocking socket that no asynchronous call ever touches, no bookkeeping.</summary>
internal sealed class FloorPeer(Endpoint endpoint, string deviceId) : IPeer
{
    private const int BatchBytes = 16 * 1024;
    private const int AcknowledgementBytes = 4;
    private readonly byte[] _packet = Traffic.Publish(Traffic.Topic);
    private readonly byte[] _batch = new byte[BatchBytes];
    private readonly byte[] _answers = new byte[BatchBytes];
    private int _partial;
    private SslStream? _tls;

    private SslStream Tls => _tls!;

    public void Connect()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", endpoint.Port);
        var roots = new X509Certificate2Collection();
        roots.ImportFromPem(endpoint.RootPem);
        _tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        Tls.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = Endpoint.HostName, CertificateChainPolicy = policy });
        byte[] name = Encoding.ASCII.GetBytes(deviceId);
        Tls.Write([0x10, (byte)(12 + name.Length), 0, 4, .. "MQTT"u8, 4, 2, 0, 240, 0, (byte)name.Length, .. name]);
        Tls.ReadExactly(_answers, 0, 4);
    }

    public void Send(int messages, int window)
    {
        int sent = 0;
        int acknowledged = 0;
        while (acknowledged < messages)
        {
            int filled = 0;
            while (sent < messages && sent - acknowledged < window && filled + _packet.Length <= BatchBytes)
            {
                _packet.CopyTo(_batch, filled);
                filled += _packet.Length;
                sent++;
            }

            if (filled > 0)
            {
                Tls.Write(_batch, 0, filled);
            }

            if (sent - acknowledged >= window || sent == messages)
            {
                acknowledged += ReadAcknowledgements();
            }
        }
    }

    public void SendOneByOne(long[] ticks)
    {
        for (int message = 0; message < ticks.Length; message++)
        {
            long start = TimeProvider.System.GetTimestamp();
            Tls.Write(_packet);
            while (ReadAcknowledgements() == 0)
            {
                // A part of one.
            }

            ticks[message] = TimeProvider.System.GetTimestamp() - start;
        }
    }

    /// <summary>Every message has the same length: the packet id stands at the same place of each.</summary>
    public void Receive(int messages)
    {
        byte[] filter = Encoding.ASCII.GetBytes($"devices/{deviceId}/messages/devicebound/#");
        Tls.Write([0x82, (byte)(5 + filter.Length), 0, 1, 0, (byte)filter.Length, .. filter, 1]);
        Tls.ReadExactly(_answers, 0, 5);
        byte[] packets = new byte[BatchBytes * 2];
        int length = Traffic.Publish($"devices/{deviceId}/messages/devicebound/{Traffic.C2dBag}").Length;
        int idAt = length - Traffic.Payload.Length - 2;
        int filled = 0;
        for (int received = 0; received < messages;)
        {
            filled += Tls.Read(packets, filled, packets.Length - filled);
            int whole = filled / length;
            for (int packet = 0; packet < whole; packet++)
            {
                ushort id = BinaryPrimitives.ReadUInt16BigEndian(packets.AsSpan((packet * length) + idAt));
                ((ReadOnlySpan<byte>)[0x40, 2, (byte)(id >> 8), (byte)id]).CopyTo(_batch.AsSpan(packet * AcknowledgementBytes));
            }

            if (whole > 0)
            {
                Tls.Write(_batch, 0, whole * AcknowledgementBytes);
            }

            received += whole;
            filled -= whole * length;
            packets.AsSpan(whole * length, filled).CopyTo(packets);
        }
    }

    public void Dispose() => _tls?.Dispose();

    private int ReadAcknowledgements()
    {
        int read = Tls.Read(_answers, 0, _answers.Length) + _partial;
        _partial = read % AcknowledgementBytes;
        return read / AcknowledgementBytes;
    }
}
