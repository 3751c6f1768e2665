using HubEmulator.Listening;
using HubEmulator.Mqtt;
using HubEmulator.Rest;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Provisioning;

/// <summary>
/// Provisioning over HTTPS: <c>PUT /{idScope}/registrations/{id}/register</c>, <c>GET /{idScope}/registrations/{id}/operations/{operationId}</c>,
/// and <c>POST /{idScope}/registrations/{id}</c>, which reads the state. Each carries <c>api-version</c> and the device's token, or comes with its certificate.
/// </summary>
internal sealed class RegistrationEndpoint(RegistrationDesk desk, TimeProvider clock)
{
    public void Map(WebApplication server)
    {
        server.MapPut("/{idScope}/registrations/{id}/register", context => AnswerAsync(context, RegisterAsync));
        server.MapGet("/{idScope}/registrations/{id}/operations/{operationId}", context => AnswerAsync(context, PollAsync));
        server.MapPost("/{idScope}/registrations/{id}", context => AnswerAsync(context, ReadAsync));
    }

    private async Task<ProvisioningAnswer> RegisterAsync(ProvisioningCaller caller, HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, request.HttpContext.RequestAborted);
        return desk.Register(caller, body.ToArray());
    }

    private Task<ProvisioningAnswer> PollAsync(ProvisioningCaller caller, HttpRequest request) =>
        Task.FromResult(desk.Poll(caller, RouteValue(request.HttpContext, "operationId")));

    private Task<ProvisioningAnswer> ReadAsync(ProvisioningCaller caller, HttpRequest request) => Task.FromResult(desk.Read(caller));

    private async Task AnswerAsync(HttpContext context, Func<ProvisioningCaller, HttpRequest, Task<ProvisioningAnswer>> ask)
    {
        var caller = new ProvisioningCaller(
            RouteValue(context, "idScope"), RegistrationIds.AsRegistered(RouteValue(context, "id")), context.Request.Headers.Authorization.ToString(),
            context.Features.Get<ClientCertificateFeature>()?.Certificate);
        ProvisioningAnswer answer = MqttUserName.IsApiVersion(context.Request.Query["api-version"].ToString())
            ? await ask(caller, context.Request)
            : ProvisioningAnswer.Of(ServiceError.ArgumentInvalid("The query must have api-version=YYYY-MM-DD."), clock.GetUtcNow());
        if (answer.RetryAfterSeconds is { } seconds)
        {
            context.Response.Headers.RetryAfter = $"{seconds}";
        }

        await new ServiceAnswer(answer.Status, answer.Body).WriteAsync(context.Response, ServiceErrorShape.Flat, clock.GetUtcNow());
    }

    private static string RouteValue(HttpContext context, string name) => context.Request.RouteValues[name]?.ToString() ?? "";
}
