using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;

namespace Node.HubClient.Tests.Interop;

/// <summary>The service side of a local hub as these tests need it: JSON in, JSON out, with a service token.</summary>
internal sealed class ServiceCalls : IDisposable
{
    private readonly HttpClient _http;

    public ServiceCalls(LocalHub hub)
    {
        X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(hub.CaFile);
        var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(root);
        _http = new HttpClient(handler) { BaseAddress = new Uri($"https://localhost:{hub.HttpsPort}") };
        Dictionary<string, string> parts = hub.ServiceConnectionString.Split(';').Select(part => part.Split('=', 2)).ToDictionary(part => part[0], part => part[1]);
        string expiry = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(parts["SharedAccessKey"]), Encoding.UTF8.GetBytes($"{hub.HostName}\n{expiry}"));
        _http.DefaultRequestHeaders.TryAddWithoutValidation(
            "Authorization",
            $"SharedAccessSignature sr={hub.HostName}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&skn={parts["SharedAccessKeyName"]}&se={expiry}");
    }

    public async Task<JsonNode> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        using var request = new HttpRequestMessage(method, $"{path}?api-version=2021-04-12") { Content = body is null ? null : JsonContent.Create(body) };
        using HttpResponseMessage response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    public void Dispose() => _http.Dispose();
}
