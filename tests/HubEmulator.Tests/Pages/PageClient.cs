using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using HubEmulator.Pages;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Pages;

/// <summary>Calls a hub as its page does, and reads the answers as the types that the hub writes.</summary>
internal sealed class PageClient(TestHub hub)
{
    public async Task<TView> AskAsync<TView>(HttpMethod method, string path, JsonTypeInfo<TView> type, string? body = null, string? ifMatch = null)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, body, ifMatch);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync(type, TestContext.Current.CancellationToken))!;
    }

    /// <summary>A call that is refused, with the status and the text for people.</summary>
    public async Task<(int Status, string Message)> RefusedAsync(HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using HttpResponseMessage answer = await SendAsync(method, path, body, ifMatch);
        FaultView? fault = await answer.Content.ReadFromJsonAsync(PageJson.Default.FaultView, TestContext.Current.CancellationToken);
        return ((int)answer.StatusCode, fault!.Message);
    }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string? ifMatch = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(PageGate.CallHeader, "1");
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await hub.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public Task<DeviceView> DeviceAsync(string id = TestHub.DeviceId) =>
        AskAsync(HttpMethod.Get, $"/page/api/device?id={Uri.EscapeDataString(id)}", PageJson.Default.DeviceView);

    public Task<OverviewView> OverviewAsync(string query = "") => AskAsync(HttpMethod.Get, $"/page/api/overview{query}", PageJson.Default.OverviewView);

}
