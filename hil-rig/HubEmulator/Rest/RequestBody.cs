using System.Text.Json.Nodes;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Reads a request's body as one JSON object.</summary>
internal static class RequestBody
{
    private const int LongestQuery = 16 * 1024;

    /// <returns>The object, or the answer that refuses the body.</returns>
    public static async Task<(JsonObject Members, ServiceAnswer? Refusal)> ReadObjectAsync(HttpRequest request)
    {
        byte[] bytes = await ReadAsync(request);
        return TwinJson.TryReadObject(bytes, out JsonObject members, out TwinFailure failure)
            ? (members, null)
            : (members, Refuse(failure));
    }

    /// <param name="request">Whose body is <c>{"query":"…"}</c>.</param>
    /// <param name="hint">What the refusal of a query that is missing or too long says besides its length.</param>
    /// <returns>The query's text of 1 to 16,384 characters, or the answer that refuses the body.</returns>
    public static async Task<(string Text, ServiceAnswer? Refusal)> ReadQueryAsync(HttpRequest request, string hint = "")
    {
        (JsonObject body, ServiceAnswer? refusal) = await ReadObjectAsync(request);
        if (refusal is not null)
        {
            return ("", refusal);
        }

        return body["query"] is JsonValue value && value.TryGetValue(out string? text) && text.Length is > 0 and <= LongestQuery
            ? (text, null)
            : ("", ServiceAnswer.Of(ServiceError.ArgumentInvalid($"query must be a text of 1 to {LongestQuery} characters{hint}.")));
    }

    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var bytes = new MemoryStream();
        await request.Body.CopyToAsync(bytes, request.HttpContext.RequestAborted);
        return bytes.ToArray();
    }

    public static ServiceAnswer Refuse(TwinFailure failure) =>
        ServiceAnswer.Of(new ServiceError(failure.Status, failure.ErrorCode, failure.Name, failure.Message));
}
