using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Node.Benchmarks.Sink;

/// <summary>
/// The peer of the benchmarks, a process of its own: TLS on loopback, one blocking thread for each connection, and every packet
/// acknowledged at once, the replies of one read in one write. It judges nothing, so it never is what a measurement waits for.
/// </summary>
internal static class SinkProgram
{
    /// <summary>Serves until standard input closes. Prints the port and the root's PEM, base64 coded, on one line.</summary>
    public static int Run()
    {
        using RSA rootKey = RSA.Create(2048);
        using X509Certificate2 root = Root(rootKey);
        using X509Certificate2 certificate = Issue(root);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string pem = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(root.ExportCertificatePem()));
        Console.WriteLine($"{((IPEndPoint)listener.LocalEndpoint).Port} {pem}");
        var accepting = new Thread(() => Accept(listener, certificate)) { IsBackground = true };
        accepting.Start();
        while (Console.In.Read() >= 0)
        {
            // Wait for the end of the parent, which closes this end.
        }

        return 0;
    }

    private static void Accept(TcpListener listener, X509Certificate2 certificate)
    {
        while (true)
        {
            Socket socket = listener.AcceptSocket();
            socket.NoDelay = true;
            new Thread(() => Serve(socket, certificate)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket socket, X509Certificate2 certificate)
    {
        try
        {
            using var tls = new SslStream(new NetworkStream(socket, ownsSocket: true));
            tls.AuthenticateAsServer(certificate);
            Answer(tls);
        }
        catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
        {
            Trace.WriteLine(over.Message); // The measured side closed: the end of a round.
        }
    }

    private static void Answer(SslStream tls)
    {
        byte[] buffer = new byte[1 << 20];
        byte[] replies = new byte[1 << 18];
        int filled = 0;
        while (true)
        {
            int read = tls.Read(buffer, filled, buffer.Length - filled);
            if (read == 0)
            {
                return;
            }

            filled += read;
            int used = 0;
            int replied = 0;
            while (TryCut(buffer.AsSpan(used, filled - used), out int body, out int total))
            {
                replied += Reply(buffer.AsSpan(used, total), body, replies.AsSpan(replied));
                used += total;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            if (replied > 0)
            {
                tls.Write(replies, 0, replied);
            }
        }
    }

    private static int Reply(ReadOnlySpan<byte> packet, int body, Span<byte> reply)
    {
        switch (packet[0] >> 4)
        {
            case 1:
                ((ReadOnlySpan<byte>)[0x20, 2, 0, 0]).CopyTo(reply);
                return 4;
            case 3 when (packet[0] & 6) != 0:
                int id = body + 2 + BinaryPrimitives.ReadUInt16BigEndian(packet[body..]);
                ((ReadOnlySpan<byte>)[0x40, 2, packet[id], packet[id + 1]]).CopyTo(reply);
                return 4;
            case 12:
                ((ReadOnlySpan<byte>)[0xD0, 0]).CopyTo(reply);
                return 2;
            default:
                return 0;
        }
    }

    private static bool TryCut(ReadOnlySpan<byte> buffer, out int body, out int total)
    {
        int remaining = 0;
        total = 0;
        for (body = 1; body < buffer.Length;)
        {
            byte part = buffer[body++];
            remaining |= (part & 0x7F) << (7 * (body - 2));
            if ((part & 0x80) == 0)
            {
                total = body + remaining;
                return total <= buffer.Length;
            }
        }

        return false;
    }

    private static X509Certificate2 Root(RSA key)
    {
        var request = new CertificateRequest("CN=bench root", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 root)
    {
        using RSA key = RSA.Create(2048);
        var request = new CertificateRequest("CN=hub.localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("hub.localhost");
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 signed = request.Create(root, root.NotBefore, root.NotAfter, [1, 2, 3, 4]);
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
