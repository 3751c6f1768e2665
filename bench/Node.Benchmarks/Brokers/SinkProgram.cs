using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Node.Benchmarks.Brokers;

/// <summary>
/// The peer of the benchmarks, a process of its own: TLS on loopback, one blocking thread for each connection, and every packet
/// acknowledged at once, the replies of one read in one write. It judges nothing, so it never is what a measurement waits for.
/// </summary>
internal static class SinkProgram
{
    /// <summary>Serves until standard input closes. Prints the port and the root's PEM, base64 coded, on one line.</summary>
    public static int Run()
    {
        using BenchCertificate certificate = BenchCertificate.Make();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string pem = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate.RootPem));
        Console.WriteLine($"{((IPEndPoint)listener.LocalEndpoint).Port} {pem}");
        var accepting = new Thread(() => Accept(listener, certificate.Server)) { IsBackground = true };
        accepting.Start();
        while (Console.In.Read() >= 0)
        {
            // Wait for the end of the parent, which closes this end.
        }

        return 0;
    }

    private static void Accept(TcpListener listener, X509Certificate2 certificate)
    {
        try
        {
            while (true)
            {
                Socket socket = listener.AcceptSocket();
                socket.NoDelay = true;
                new Thread(() => Serve(socket, certificate)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException over)
        {
            Trace.WriteLine(over.Message); // The listener is closed: the end of the run.
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
        var session = new SinkSession();
        byte[] buffer = new byte[1 << 20];
        byte[] replies = new byte[1 << 20];
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
                replied += session.Reply(buffer.AsSpan(used, total), body, replies.AsSpan(replied));
                used += total;
            }

            buffer.AsSpan(used, filled - used).CopyTo(buffer);
            filled -= used;
            replied += session.Push(replies.AsSpan(replied));
            if (replied > 0)
            {
                tls.Write(replies, 0, replied);
            }
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
}
