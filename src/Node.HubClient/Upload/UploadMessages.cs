using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Node.HubClient.Upload;

/// <summary>
/// The bodies and addresses of an upload. Sources: "Upload files with IoT Hub" for the hub's two calls; "Put Block" and "Put Block List" of the
/// blob service.
/// </summary>
internal static class UploadMessages
{
    /// <summary>Most blocks of one blob.</summary>
    public const int MaximumBlocks = 50_000;

    /// <summary>Largest block.</summary>
    public const int MaximumBlockBytes = 100 << 20;

    /// <summary><c>{"blobName":"…"}</c>.</summary>
    public static byte[] Ask(string blobName) => Json(writer => writer.WriteString("blobName"u8, blobName));

    /// <summary><c>{"correlationId":"…","isSuccess":true,"statusCode":200,"statusDescription":"…"}</c>.</summary>
    public static byte[] Notification(string correlationId, bool isSuccess, string description) => Json(writer =>
    {
        writer.WriteString("correlationId"u8, correlationId);
        writer.WriteBoolean("isSuccess"u8, isSuccess);
        writer.WriteNumber("statusCode"u8, isSuccess ? 200 : 400);
        writer.WriteString("statusDescription"u8, description);
    });

    /// <summary>
    /// A block's id: its number right-aligned in six characters, in base64, so that all ids have eight characters and none needs escaping.
    /// </summary>
    public static string BlockId(int number) => Convert.ToBase64String(Encoding.ASCII.GetBytes($"{number,6}"));

    /// <summary>The list that makes <paramref name="count"/> blocks, in their order, the blob.</summary>
    public static byte[] BlockList(int count)
    {
        var list = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n<BlockList>");
        for (int number = 0; number < count; number++)
        {
            list.Append("<Latest>").Append(BlockId(number)).Append("</Latest>");
        }

        return Encoding.ASCII.GetBytes(list.Append("</BlockList>").ToString());
    }

    /// <summary>Reads the hub's answer to <see cref="Ask"/>; false when it is not of that shape.</summary>
    public static bool TryReadAddress(ReadOnlySpan<byte> json, out UploadAddress? address)
    {
        address = null;
        try
        {
            var reader = new Utf8JsonReader(json);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement root = document.RootElement;
            if (root.ValueKind is not JsonValueKind.Object
                || Text(root, "correlationId"u8) is not { } correlationId
                || Text(root, "hostName"u8) is not { } host
                || Text(root, "containerName"u8) is not { } container
                || Text(root, "blobName"u8) is not { } blob
                || Text(root, "sasToken"u8) is not { } token)
            {
                return false;
            }

            string path = string.Join('/', blob.Split('/').Select(Uri.EscapeDataString));
            string url = $"https://{host}/{Uri.EscapeDataString(container)}/{path}{(token.StartsWith('?') ? "" : "?")}{token}";
            if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? target) || target.UserInfo.Length > 0 || target.Fragment.Length > 0 || target.Host.Length == 0)
            {
                return false;
            }

            address = new UploadAddress(correlationId, target.IdnHost, target.Port, target.PathAndQuery);
            return true;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or UriFormatException)
        {
            return false; // Also a text that is no valid UTF-16, which JSON can spell and a string cannot.
        }
    }

    private static string? Text(JsonElement root, ReadOnlySpan<byte> name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static byte[] Json(Action<Utf8JsonWriter> members)
    {
        var body = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        members(writer);
        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenSpan.ToArray();
    }
}

/// <summary>Where a blob goes.</summary>
/// <param name="CorrelationId">The upload's name at the hub.</param>
/// <param name="Host">The blob store.</param>
/// <param name="Port">Its port.</param>
/// <param name="Target">Path, and the query that holds the right to write.</param>
internal sealed record UploadAddress(string CorrelationId, string Host, int Port, string Target)
{
    /// <summary>Names the blob; holds no secret.</summary>
    public override string ToString() => $"{Host}{Target.Split('?')[0]}";
}
