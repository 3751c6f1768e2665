using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>What a device does around an upload, on a hub of its own.</summary>
internal static class UploadHub
{
    /// <summary>Asks for an address as a device does.</summary>
    public static Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> AskAsync(this TestHub hub, string blobName, string deviceId = TestHub.DeviceId) =>
        hub.CallAsync(HttpMethod.Post, $"/devices/{deviceId}/files", new JsonObject { ["blobName"] = blobName }.ToJsonString(), token: hub.DeviceToken(deviceId));

    public static Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseMessage Message)> ReportAsync(this TestHub hub, string report, string path = "") =>
        hub.CallAsync(HttpMethod.Post, $"/devices/{TestHub.DeviceId}/files/notifications{path}", report, token: hub.DeviceToken());

    /// <summary>The address that clients build from the answer's parts.</summary>
    public static Uri AddressOf(JsonNode answer) =>
        new($"https://{(string)answer["hostName"]!}/{(string)answer["containerName"]!}/{(string)answer["blobName"]!}{(string)answer["sasToken"]!}");

    /// <summary>A client that finds the hub's name on this machine without asking a name server.</summary>
    public static HttpClient Client(this TestHub hub) => new(new SocketsHttpHandler
    {
        SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = hub.Trust() },
        ConnectCallback = async (context, token) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    })
    {
        Timeout = TestHub.Deadline,
    };

    public static HttpContent Bytes(string text) => new ByteArrayContent(Encoding.UTF8.GetBytes(text));

    /// <summary>The number inside an error whose message is JSON once more.</summary>
    public static int CodeOf(JsonNode? body) => (int)JsonNode.Parse((string)body!["Message"]!)!["errorCode"]!;
}
