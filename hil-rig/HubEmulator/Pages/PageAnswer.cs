using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Pages;

/// <summary>What a call of the page answers: a status and a typed JSON body.</summary>
internal sealed class PageAnswer
{
    private readonly int _status;
    private readonly byte[] _body;

    private PageAnswer(int status, byte[] body)
    {
        _status = status;
        _body = body;
    }

    public static PageAnswer Ok<TView>(TView view, JsonTypeInfo<TView> type) => new(StatusCodes.Status200OK, JsonSerializer.SerializeToUtf8Bytes(view, type));

    public static PageAnswer Refuse(int status, string message) =>
        new(status, JsonSerializer.SerializeToUtf8Bytes(new FaultView(message), PageJson.Default.FaultView));

    public async Task WriteAsync(HttpResponse response)
    {
        response.StatusCode = _status;
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = _body.Length;
        await response.Body.WriteAsync(_body, response.HttpContext.RequestAborted);
    }
}
