using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;

namespace HilRig.Tests.Proofs;

/// <summary>A hub as a process over a data folder that outlives it, and the service side of it.</summary>
internal sealed class KilledHub : IAsyncDisposable
{
    private readonly RigProcess _process;
    private readonly HttpClient _http;
    private readonly string _authorization;

    private KilledHub(RigProcess process, HubFile file)
    {
        _process = process;
        _http = new HttpClient(HubTrust.Handler(file.CaFile)) { BaseAddress = new Uri($"https://{file.HostName}:{file.HttpsPort}/"), Timeout = TimeSpan.FromSeconds(20) };
        _authorization = ServiceToken.FromConnectionString(file.ServiceConnectionString).Sign(TimeProvider.System.GetUtcNow().AddHours(1));
    }

    public static async Task<KilledHub> StartAsync(TemporaryFolder state, string data)
    {
        RigProcess process = RigProcess.Start(state, "hub", "--data", data, "--mqtt-port", "0", "--https-port", "0", "--page-port", "0", "--device", "steady");
        await process.HearAsync("hub ready");
        return new KilledHub(process, HubFile.Read(Path.Combine(data, "hub.json")));
    }

    /// <summary>SIGKILL.</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <returns>The answer's status; null when the hub was killed meanwhile.</returns>
    public async Task<HttpStatusCode?> TrySendAsync(HttpMethod method, string path, string? body = null)
    {
        try
        {
            using HttpResponseMessage answer = await SendAsync(method, path, body);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
        catch (TaskCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return null; // A connection that the kill caught half open ends by a time-out.
        }
    }

    public async Task<JsonNode> GetAsync(string path)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {answer.StatusCode}");
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"{path}?api-version=2021-04-12");
        request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
