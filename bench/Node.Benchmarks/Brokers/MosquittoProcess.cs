using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Node.Benchmarks.Brokers;

/// <summary>mosquitto as a child process on a free loopback port, with a certificate and a configuration made for this run.</summary>
internal sealed class MosquittoProcess : IBroker
{
    private const string Program = "mosquitto";
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(10);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("node-bench-");
    private readonly Process _process;

    private MosquittoProcess(string program)
    {
        using BenchCertificate certificate = BenchCertificate.Make();
        using RSA key = certificate.Server.GetRSAPrivateKey()!;
        File.WriteAllText(InFolder("server.pem"), certificate.Server.ExportCertificatePem());
        File.WriteAllText(InFolder("server.key"), key.ExportPkcs8PrivateKeyPem());
        Endpoint = new Endpoint(FreePort(), certificate.RootPem);
        File.WriteAllText(InFolder("mosquitto.conf"), Configuration());
        _process = Process.Start(new ProcessStartInfo(program, ["-c", InFolder("mosquitto.conf")]) { RedirectStandardError = true })!;
        WaitUntilItListens();
    }

    public string Name => Program;

    public Endpoint Endpoint { get; }

    /// <summary>Starts it; null when it is not installed.</summary>
    public static MosquittoProcess? TryStart()
    {
        string? program = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);
        return program is null ? null : new MosquittoProcess(program);
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private string InFolder(string name) => Path.Combine(_folder.FullName, name);

    /// <summary>No persistence, no bound on what is in flight or queued, and no change of user, who might not read the folder.</summary>
    private string Configuration() => string.Create(CultureInfo.InvariantCulture, $"""
        user {Environment.UserName}
        persistence false
        log_dest none
        max_inflight_messages 0
        max_queued_messages 0
        set_tcp_nodelay true
        listener {Endpoint.Port} 127.0.0.1
        allow_anonymous true
        certfile {InFolder("server.pem")}
        keyfile {InFolder("server.key")}

        """);

    private void WaitUntilItListens()
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!Listens())
        {
            if (_process.HasExited || TimeProvider.System.GetElapsedTime(start) > StartTimeout)
            {
                throw new InvalidOperationException($"{Program} did not start: {(_process.HasExited ? _process.StandardError.ReadToEnd() : "it does not listen")}");
            }

            Pause.For(TimeSpan.FromMilliseconds(10));
        }
    }

    private bool Listens()
    {
        try
        {
            using var probe = new TcpClient();
            probe.Connect(IPAddress.Loopback, Endpoint.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
