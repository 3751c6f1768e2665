using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using HubEmulator;

namespace Node.Host.Tests.TestKit;

/// <summary>The service side of an emulated hub over its REST interface: what a cloud's back end does to a device.</summary>
internal sealed class HubService : IDisposable
{
    private const string ApiVersion = "?api-version=2021-04-12";

    private readonly HttpClient _http;

    public HubService(LocalHub hub)
    {
        var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(hub.CaFile));
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust },
            ConnectCallback = async (_, cancellationToken) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, hub.HttpsPort), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        })
        {
            BaseAddress = new Uri($"https://{hub.HostName}:{hub.HttpsPort}/"),
        };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", Token(hub.ServiceConnectionString));
    }

    /// <summary>Calls a direct method; gives its status and payload.</summary>
    public async Task<(int Status, JsonNode? Payload)> CallAsync(string device, string method, string payload, CancellationToken cancellationToken)
    {
        var call = new JsonObject { ["methodName"] = method, ["responseTimeoutInSeconds"] = 60, ["payload"] = JsonNode.Parse(payload) };
        using HttpResponseMessage answer = await _http.PostAsJsonAsync($"twins/{device}/methods{ApiVersion}", call, cancellationToken);
        JsonNode read = (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        return answer.IsSuccessStatusCode ? ((int)read["status"]!, read["payload"]) : throw new HttpRequestException($"{answer.StatusCode}: {read}");
    }

    public void Dispose() => _http.Dispose();

    private static string Token(string connectionString)
    {
        Dictionary<string, string> parts = connectionString.Split(';').Select(part => part.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        string end = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] signature = HMACSHA256.HashData(Convert.FromBase64String(parts["SharedAccessKey"]), Encoding.UTF8.GetBytes($"{parts["HostName"]}\n{end}"));
        return $"SharedAccessSignature sr={parts["HostName"]}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={end}&skn={parts["SharedAccessKeyName"]}";
    }
}
