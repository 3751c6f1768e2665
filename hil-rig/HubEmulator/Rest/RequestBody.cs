using System.Text.Json.Nodes;
using HubEmulator.Twins;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Reads a request's body as one JSON object.</summary>
internal static class RequestBody
{
    /// <returns>The object, or the answer that refuses the body.</returns>
    public static async Task<(JsonObject Members, ServiceAnswer? Refusal)> ReadObjectAsync(HttpRequest request)
    {
        byte[] bytes = await ReadAsync(request);
        return TwinJson.TryReadObject(bytes, out JsonObject members, out TwinFailure failure)
            ? (members, null)
            : (members, Refuse(failure));
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
