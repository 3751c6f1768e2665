using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>What a call answers: a status with JSON and perhaps an entity tag, or an error.</summary>
internal sealed record ServiceAnswer(int Status, JsonNode? Body = null, string? ETag = null, ServiceError? Error = null, int? RetryAfterSeconds = null)
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Further headers of the answer.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A body that is no JSON, in place of <see cref="Body"/>.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    public static ServiceAnswer Ok(JsonNode body, string? eTag = null) => new(200, body, eTag);

    public static ServiceAnswer NoContent { get; } = new(204);

    public static ServiceAnswer Of(ServiceError error) => new(error.Status, Error: error);

    public async Task WriteAsync(HttpResponse response, ServiceErrorShape shape, DateTimeOffset now)
    {
        response.StatusCode = Status;
        response.Headers.Server = "Microsoft-HTTPAPI/2.0";
        response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        if (ETag is not null)
        {
            response.Headers.ETag = $"\"{ETag}\"";
        }

        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = $"{seconds}";
        }

        if (Error is not null)
        {
            response.Headers["iothub-errorcode"] = Error.Name;
        }

        foreach ((string name, string value) in Headers)
        {
            response.Headers[name] = value;
        }

        if (Content is { } content)
        {
            response.ContentLength = content.Length;
            await response.Body.WriteAsync(content, response.HttpContext.RequestAborted);
            return;
        }

        JsonNode? body = Error?.ToJson(shape, now) ?? Body;
        if (body is not null)
        {
            ReadOnlyMemory<byte> utf8 = Encode(body);
            response.ContentType = "application/json; charset=utf-8"; // Node reads a body as JSON only if the type says so
            response.ContentLength = utf8.Length;
            await response.Body.WriteAsync(utf8, response.HttpContext.RequestAborted);
        }
    }

    private static ReadOnlyMemory<byte> Encode(JsonNode body)
    {
        var utf8 = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(utf8, Plain);
        body.WriteTo(writer);
        writer.Flush();
        return utf8.WrittenMemory;
    }
}
