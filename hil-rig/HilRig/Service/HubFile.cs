using System.Text.Json;
using System.Text.Json.Nodes;

namespace HilRig.Service;

/// <summary>What a running hub says about itself in <c>hub.json</c>: how a program beside it finds and trusts it.</summary>
internal sealed record HubFile(
    string HostName,
    int MqttPort,
    int HttpsPort,
    string CaFile,
    string ServiceConnectionString,
    IReadOnlyList<string> Devices)
{
    private const long MaximumBytes = 1 << 20;

    /// <exception cref="RigException">The file is missing, too large or not what a hub writes.</exception>
    public static HubFile Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new RigException(
                RigFault.HubUnreachable,
                $"{path}: no such file, so no hub is known; start one with 'hilrig up' or 'hilrig hub --data DIR', or name its file with --hub FILE");
        }
        try
        {
            return new FileInfo(path).Length > MaximumBytes
                ? throw new JsonException("larger than 1 MiB")
                : Parse(File.ReadAllText(path));
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException or InvalidOperationException or FormatException)
        {
            throw new RigException(RigFault.UnusableInput, $"{path}: not a hub file ({fault.Message.ReplaceLineEndings(" ")}); name the hub.json that 'hilrig hub' wrote", fault);
        }
    }

    private static HubFile Parse(string text)
    {
        JsonObject root = JsonNode.Parse(text) as JsonObject ?? throw new JsonException("not a JSON object");
        IEnumerable<string> devices = (root["devices"] as JsonObject)?.Select(pair => pair.Key) ?? [];
        return new HubFile(
            Text(root, "hostName"),
            Number(root, "mqttPort"),
            Number(root, "httpsPort"),
            Text(root, "caFile"),
            Text(root, "serviceConnectionString"),
            [.. devices]);
    }

    private static string Text(JsonObject root, string key) =>
        root[key]?.GetValue<string>() ?? throw new JsonException($"'{key}' is missing");

    private static int Number(JsonObject root, string key) =>
        root[key]?.GetValue<int>() ?? throw new JsonException($"'{key}' is missing");
}
