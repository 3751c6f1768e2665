using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>The service side of the hub, as a cloud back end sees it: twins, direct methods and, of an emulated hub, its feeds over REST.</summary>
internal sealed class ServiceClient : IDisposable
{
    private const string FaultPath = "hilrig/faults";
    private const string ApiVersion = "2021-04-12";
    private readonly HttpClient _http;
    private readonly ServiceToken _token;
    private readonly TimeProvider _clock;

    public ServiceClient(HubFile hub, TimeProvider clock)
        : this(HubTrust.Handler(hub.CaFile), hub, clock)
    {
    }

    /// <summary>Owns <paramref name="handler"/>; tests pass one that needs no network.</summary>
    internal ServiceClient(HttpMessageHandler handler, HubFile hub, TimeProvider clock)
    {
        _clock = clock;
        _token = ServiceToken.FromConnectionString(hub.ServiceConnectionString);
        _http = new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://{hub.HostName}:{hub.HttpsPort}/"),
            Timeout = TimeSpan.FromMinutes(6), // the longest a method call may take, and a little
            MaxResponseContentBufferSize = 16 << 20, // a page of telemetry has up to 4 MiB of payload
        };
    }

    /// <summary>The whole twin: tags, desired and reported properties with their metadata.</summary>
    public Task<JsonObject> GetTwinAsync(string device, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, TwinPath(device), body: null, cancellationToken);

    /// <summary>Merges <paramref name="desired"/> into the desired properties and answers the twin as it then is.</summary>
    public Task<JsonObject> PatchDesiredAsync(string device, JsonObject desired, CancellationToken cancellationToken)
    {
        var patch = new JsonObject { ["properties"] = new JsonObject { ["desired"] = desired.DeepClone() } };
        return SendAsync(HttpMethod.Patch, TwinPath(device), patch, cancellationToken);
    }

    /// <summary>Calls a direct method and waits for the device's answer, 5 s to 300 s.</summary>
    public async Task<MethodAnswer> CallMethodAsync(string device, string name, JsonNode? payload, TimeSpan timeout, CancellationToken cancellationToken)
    {
        var call = new JsonObject
        {
            ["methodName"] = name,
            ["responseTimeoutInSeconds"] = (int)Math.Clamp(timeout.TotalSeconds, 5, 300),
            ["connectTimeoutInSeconds"] = 0,
            ["payload"] = payload?.DeepClone(),
        };
        JsonObject answer = await SendAsync(HttpMethod.Post, $"twins/{Uri.EscapeDataString(device)}/methods", call, cancellationToken);
        return new MethodAnswer(answer["status"]?.GetValue<int>() ?? 0, answer["payload"]?.DeepClone());
    }

    /// <summary>What came on a feed of the emulated hub, <c>telemetry</c> or <c>events</c>, after a sequence number; oldest first, a page at most.</summary>
    public Task<JsonArray> AfterAsync(string feed, long sequenceNumber, CancellationToken cancellationToken) =>
        SendAsync<JsonArray>(HttpMethod.Get, $"hilrig/{feed}?after={sequenceNumber}", body: null, cancellationToken);

    /// <summary>The newest of a feed, oldest first, 1 to 1000.</summary>
    public Task<JsonArray> NewestAsync(string feed, int count, CancellationToken cancellationToken) =>
        SendAsync<JsonArray>(HttpMethod.Get, $"hilrig/{feed}?last={count}", body: null, cancellationToken);

    /// <summary>Has the emulated hub play a fault, and answers it with its number and times.</summary>
    /// <exception cref="RigException">A member is out of its range, among others.</exception>
    public Task<JsonObject> PlayFaultAsync(JsonObject fault, CancellationToken cancellationToken) => SendAsync(HttpMethod.Post, FaultPath, fault, cancellationToken);

    /// <summary>The faults that wait, are in force, or have ended lately, by their numbers.</summary>
    public Task<JsonArray> FaultsAsync(CancellationToken cancellationToken) => SendAsync<JsonArray>(HttpMethod.Get, FaultPath, body: null, cancellationToken);

    /// <summary>Ends a fault before its time.</summary>
    /// <exception cref="RigException">None of that number waits or is in force.</exception>
    public Task EndFaultAsync(long id, CancellationToken cancellationToken) => SendTextAsync(HttpMethod.Delete, $"{FaultPath}/{id}", body: null, cancellationToken);

    public void Dispose() => _http.Dispose();

    private static string TwinPath(string device) => $"twins/{Uri.EscapeDataString(device)}";

    private Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken) =>
        SendAsync<JsonObject>(method, path, body, cancellationToken);

    private async Task<TAnswer> SendAsync<TAnswer>(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
        where TAnswer : JsonNode => Parse<TAnswer>(await SendTextAsync(method, path, body, cancellationToken));

    private async Task<string> SendTextAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version={ApiVersion}");
        request.Headers.TryAddWithoutValidation("Authorization", _token.Sign(_clock.GetUtcNow().AddHours(1)));
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json", "utf-8"));
        }
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            string text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode ? text : throw Refused(path, (int)response.StatusCode, text);
        }
        catch (HttpRequestException fault)
        {
            throw new RigException(
                RigFault.HubUnreachable,
                $"the hub does not answer at {_http.BaseAddress} ({fault.InnerException?.Message ?? fault.Message}); is 'hilrig up' or 'hilrig hub' still running?",
                fault);
        }
    }

    private static TAnswer Parse<TAnswer>(string text)
        where TAnswer : JsonNode
    {
        try
        {
            return JsonNode.Parse(text) as TAnswer ?? throw new JsonException($"not a {typeof(TAnswer).Name}");
        }
        catch (JsonException fault)
        {
            throw new RigException(RigFault.HubRefused, $"the hub's answer is not the JSON that its interface promises: {fault.Message}", fault);
        }
    }

    private static RigException Refused(string path, int status, string text) =>
        new(status == 400 && path == FaultPath ? RigFault.UnusableInput : RigFault.HubRefused, $"the hub refused {path} with {status}: {ServiceError.Describe(text)}");
}
