using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Bench;

/// <summary>The node's HTTP face, found through the <c>node.json</c> that it writes when it listens.</summary>
internal sealed class NodeFace : IDisposable
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = false };
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(3), MaxResponseContentBufferSize = 1 << 20 };
    private readonly string _nodeFile;

    public NodeFace(string nodeDataFolder)
    {
        _nodeFile = Path.Combine(nodeDataFolder, "node.json");
    }

    /// <summary>Where the dashboard is; null until the process with this id listens.</summary>
    public Uri? AddressOf(int processId)
    {
        try
        {
            JsonNode? file = JsonNode.Parse(File.ReadAllText(_nodeFile));
            return file?["pid"]?.GetValue<int>() == processId && Uri.TryCreate(file["httpUrl"]?.GetValue<string>(), UriKind.Absolute, out Uri? address)
                ? address
                : null;
        }
        catch (Exception fault) when (fault is IOException or JsonException or InvalidOperationException or UnauthorizedAccessException)
        {
            return null; // not written yet: the caller asks again
        }
    }

    /// <summary>Null when the node does not answer, for instance because it is starting or gone.</summary>
    public async Task<NodeStatus?> ReadStatusAsync(int processId, CancellationToken cancellationToken)
    {
        if (AddressOf(processId) is not { } address)
        {
            return null;
        }
        try
        {
            return await _http.GetFromJsonAsync<NodeStatus>(new Uri(address, "api/status"), Web, cancellationToken);
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException || (fault is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();
}
