using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core.Pipeline;
using Azure.Storage;
using Azure.Storage.Blobs;

namespace Node.HubClient.Tests.Interop.Azurite;

/// <summary>
/// Azurite, Microsoft's emulator of the blob service, as a child process with TLS on a free loopback port. Comes from npm by its locked versions; where that
/// cannot be had, <see cref="Missing"/> says why.
/// </summary>
public sealed class AzuriteStore : IAsyncLifetime
{
    public const string Account = "devstoreaccount1";
    public const string Container = "uploads";

    /// <summary>The account key that Azurite's documentation publishes.</summary>
    public const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly string _folder = Directory.CreateTempSubdirectory("azurite-").FullName;
    private Process? _process;
    private HttpClient? _http;

    /// <summary>Why there is none; null when it runs.</summary>
    public string? Missing { get; private set; } = "npm is not on the PATH";

    /// <summary>What its certificate chains to: itself.</summary>
    public string RootPem { get; private set; } = "";

    /// <summary>Its port.</summary>
    public int Port { get; private set; }

    /// <summary>The container, by Microsoft's own client.</summary>
    public BlobContainerClient Blobs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        string lockFolder = Path.Combine(AppContext.BaseDirectory, "Interop", "Azurite");
        foreach (string file in (string[])["package.json", "package-lock.json"])
        {
            File.Copy(Path.Combine(lockFolder, file), Path.Combine(_folder, file));
        }

        if (await RunAsync("npm", "ci --no-audit --no-fund --silent") is not 0)
        {
            Missing = "npm is not on the PATH, or its registry does not answer";
            return;
        }

        MakeCertificate();
        Start();
        Port = await ReadPortAsync();
        await MakeContainerAsync();
        Missing = null;
    }

    public async ValueTask DisposeAsync()
    {
        _http?.Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<int> RunAsync(string program, string arguments)
    {
        try
        {
            using var child = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = _folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            Task<string> output = child.StandardOutput.ReadToEndAsync();
            Task<string> errors = child.StandardError.ReadToEndAsync();
            await child.WaitForExitAsync().WaitAsync(Patience);
            await Task.WhenAll(output, errors);
            return child.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }

    private void MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        RootPem = made.ExportCertificatePem();
        File.WriteAllText(Path.Combine(_folder, "cert.pem"), RootPem);
        File.WriteAllText(Path.Combine(_folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
    }

    private void Start()
    {
        string program = Path.Combine(_folder, "node_modules", "azurite", "dist", "src", "blob", "main.js");
        _process = Process.Start(new ProcessStartInfo(
            "node", [program, "--blobHost", "127.0.0.1", "--blobPort", "0", "--inMemoryPersistence", "--disableTelemetry", "--skipApiVersionCheck", "--cert", "cert.pem", "--key", "key.pem"])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
        });
    }

    private async Task<int> ReadPortAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process!.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            int mark = line.LastIndexOf("https://127.0.0.1:", StringComparison.Ordinal);
            if (mark >= 0 && line.Contains("listen", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync(patience.Token);
                return int.Parse(line[(mark + "https://127.0.0.1:".Length)..].TrimEnd('/', ' '), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException("Azurite ended before it listened.");
    }

    private async Task MakeContainerAsync()
    {
        using X509Certificate2 root = X509Certificate2.CreateFromPem(RootPem);
        string thumbprint = root.Thumbprint;
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 one && one.Thumbprint == thumbprint },
        };
        _http = new HttpClient(handler);
        _http.DefaultRequestHeaders.CacheControl = new CacheControlHeaderValue { NoCache = true };
        var service = new BlobServiceClient(
            new Uri($"https://127.0.0.1:{Port}/{Account}"), new StorageSharedKeyCredential(Account, Key), new BlobClientOptions { Transport = new HttpClientTransport(_http) });
        Blobs = service.GetBlobContainerClient(Container);
        await Blobs.CreateAsync();
    }
}
