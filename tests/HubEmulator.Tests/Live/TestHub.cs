using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using MQTTnet;

namespace HubEmulator.Tests.Live;

/// <summary>A hub on free ports with one device, and clients that trust its authority and nothing else.</summary>
internal sealed class TestHub : IAsyncDisposable
{
    public const string DeviceId = "dev-01";
    public const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    private readonly TimeProvider _clock;
    private readonly X509Certificate2 _authority;

    private TestHub(LocalHub hub, TimeProvider clock)
    {
        Hub = hub;
        _clock = clock;
        _authority = X509Certificate2.CreateFromPem(File.ReadAllText(hub.CaFile));
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = Trust(), TargetHost = hub.HostName },
        };
        Http = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{hub.HttpsPort}"), Timeout = Deadline };
    }

    public LocalHub Hub { get; }

    public HttpClient Http { get; }

    public static Task<TestHub> StartAsync(TimeProvider? clock = null) =>
        StartAsync(new LocalHubOptions { Devices = [new LocalDevice(DeviceId, Key), new LocalDevice("dev-02")], TimeProvider = clock ?? TimeProvider.System });

    public static async Task<TestHub> StartAsync(LocalHubOptions options) =>
        new(await LocalHub.StartAsync(options, TestContext.Current.CancellationToken), options.TimeProvider);

    public string ServiceKey => Hub.ServiceConnectionString.Split("SharedAccessKey=")[1];

    public string DeviceToken(string deviceId = DeviceId, string key = Key, TimeSpan? lifetime = null) =>
        Token(key, Uri.EscapeDataString($"{Hub.HostName}/devices/{deviceId}"), _clock.GetUtcNow() + (lifetime ?? TimeSpan.FromHours(1)), null);

    public string ServiceToken(string policy = "iothubowner") =>
        Token(ServiceKey, Hub.HostName, _clock.GetUtcNow() + TimeSpan.FromHours(1), policy);

    public static string Token(string key, string resource, DateTimeOffset expires, string? policy)
    {
        string expiry = expires.ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(key), Encoding.UTF8.GetBytes($"{resource}\n{expiry}"));
        return $"SharedAccessSignature sr={resource}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}"
            + (policy is null ? "" : $"&skn={policy}");
    }

    public X509ChainPolicy Trust() => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { _authority },
        RevocationMode = X509RevocationMode.NoCheck,
    };

    public MqttClientOptionsBuilder Options(string deviceId = DeviceId, string? key = null, string? userName = null, string? token = null, bool clean = false) =>
        new MqttClientOptionsBuilder()
            .WithTcpServer("localhost", Hub.MqttPort)
            .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V311)
            .WithClientId(deviceId)
            .WithCredentials(userName ?? $"{Hub.HostName}/{deviceId}/?api-version=2021-04-12", token ?? DeviceToken(deviceId, key ?? Key))
            .WithCleanSession(clean)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(180))
            .WithTimeout(Deadline)
            .WithTlsOptions(tls => tls.UseTls().WithTargetHost(Hub.HostName).WithCertificateValidationHandler(Validate));

    /// <summary>Options of a device with a certificate and no token, unless one is given.</summary>
    public MqttClientOptionsBuilder Options(X509Certificate2Collection certificates, string deviceId, string? token = null, string? userName = null) => Options(deviceId)
        .WithCredentials(userName ?? $"{Hub.HostName}/{deviceId}/?api-version=2021-04-12", token!)
        .WithTlsOptions(tls => tls.UseTls().WithTargetHost(Hub.HostName).WithCertificateValidationHandler(Validate).WithClientCertificates(certificates));

    /// <summary>A client of HTTPS that presents a certificate.</summary>
    public HttpClient HttpWith(X509Certificate2 certificate)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = Trust(),
                TargetHost = Hub.HostName,
                ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true),
            },
        };
        return new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{Hub.HttpsPort}"), Timeout = Deadline };
    }

    public Task<TestDevice> ConnectAsync(bool clean = false) => TestDevice.ConnectAsync(Options(clean: clean).Build());

    public async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> CallAsync(
        HttpMethod method, string path, string? body = null, string? ifMatch = null, string? token = null, bool withVersion = true, (string Name, string? Value)[]? headers = null)
    {
        using var request = new HttpRequestMessage(method, withVersion ? $"{path}{(path.Contains('?') ? '&' : '?')}api-version=2021-04-12" : path);
        request.Headers.TryAddWithoutValidation("Authorization", token ?? ServiceToken());
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        foreach ((string name, string? value) in headers ?? [])
        {
            _ = value is null || request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        }

        HttpResponseMessage answer = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text), answer);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Hub.DisposeAsync();
        _authority.Dispose();
    }

    private bool Validate(MqttClientCertificateValidationEventArgs arguments)
    {
        using var chain = new X509Chain { ChainPolicy = Trust() };
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(arguments.Certificate.GetRawCertData());
        return chain.Build(certificate) && !arguments.SslPolicyErrors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
    }
}
