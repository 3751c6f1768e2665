using HubEmulator.Blobs;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Listening;
using HubEmulator.Mqtt;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Rest;

/// <summary>The service side over HTTPS: one table of calls, and around each of them host, version, token and right.</summary>
internal sealed partial class ServiceApi(
    HubHosts hosts, SasVerifier verifier, DeviceVerifier deviceVerifier, TimeProvider clock, RegistryCalls registry, TwinCalls twins, MethodEndpoint methods, RigCalls rig, ModuleCalls modules,
    DeviceRegistry devices, UploadCalls uploads, C2dCalls messages, BlobEndpoint? blobs, FaultDesk faults, IEnumerable<ServiceRoute> routes, ILogger log)
{
    /// <summary>Completes when every change so far will survive the end of the process: no change is acknowledged before.</summary>
    public Func<CancellationToken, Task> SavedAsync { get; init; } = _ => Task.CompletedTask;

    public void Map(WebApplication server)
    {
        server.UseStatusCodePages(AnswerBareStatusAsync);
        server.UseRouting();

        Serve(server, "GET", "/devices", AccessRights.RegistryRead, ServiceErrorShape.Registry, registry.ListAsync);
        Serve(server, "GET", "/devices/{id}", AccessRights.RegistryRead, ServiceErrorShape.Registry, registry.GetAsync);
        Serve(server, "PUT", "/devices/{id}", AccessRights.RegistryWrite, ServiceErrorShape.Registry, registry.PutAsync);
        Serve(server, "DELETE", "/devices/{id}", AccessRights.RegistryWrite, ServiceErrorShape.Registry, registry.DeleteAsync);
        Serve(server, "GET", "/devices/{id}/modules", AccessRights.RegistryRead, ServiceErrorShape.Registry, modules.ListAsync);
        Serve(server, "GET", "/devices/{id}/modules/{module}", AccessRights.RegistryRead, ServiceErrorShape.Registry, modules.GetAsync);
        Serve(server, "PUT", "/devices/{id}/modules/{module}", AccessRights.RegistryWrite, ServiceErrorShape.Registry, modules.PutAsync);
        Serve(server, "DELETE", "/devices/{id}/modules/{module}", AccessRights.RegistryWrite, ServiceErrorShape.Registry, modules.DeleteAsync);
        Serve(server, "GET", "/twins/{id}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.GetAsync);
        Serve(server, "PATCH", "/twins/{id}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.PatchAsync);
        Serve(server, "PUT", "/twins/{id}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.PutAsync);
        Serve(server, "POST", "/twins/{id}/methods", AccessRights.ServiceConnect, ServiceErrorShape.Nested, methods.PostAsync);
        Serve(server, "GET", "/twins/{id}/modules/{module}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.GetAsync);
        Serve(server, "PATCH", "/twins/{id}/modules/{module}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.PatchAsync);
        Serve(server, "PUT", "/twins/{id}/modules/{module}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, twins.PutAsync);
        Serve(server, "POST", "/twins/{id}/modules/{module}/methods", AccessRights.ServiceConnect, ServiceErrorShape.Nested, methods.PostAsync);
        Serve(server, "GET", "/hilrig/telemetry", AccessRights.ServiceConnect, ServiceErrorShape.Nested, rig.TelemetryAsync);
        Serve(server, "GET", "/hilrig/events", AccessRights.ServiceConnect, ServiceErrorShape.Nested, rig.EventsAsync);
        Serve(server, "POST", "/hilrig/outage", AccessRights.ServiceConnect, ServiceErrorShape.Nested, rig.OutageAsync);
        Serve(server, "POST", "/devices/{id}/files", AccessRights.DeviceConnect, ServiceErrorShape.Nested, uploads.BeginAsync);
        Serve(server, "POST", "/devices/{id}/files/notifications", AccessRights.DeviceConnect, ServiceErrorShape.Nested, uploads.EndAsync);
        Serve(server, "POST", "/devices/{id}/files/notifications/{correlationId}", AccessRights.DeviceConnect, ServiceErrorShape.Nested, uploads.EndAsync);
        Serve(server, "POST", "/hilrig/devices/{id}/messages", AccessRights.ServiceConnect, ServiceErrorShape.Nested, messages.SendAsync);
        Serve(server, "DELETE", "/devices/{id}/commands", AccessRights.ServiceConnect, ServiceErrorShape.Nested, messages.PurgeAsync);
        var faultCalls = new FaultCalls(faults);
        Serve(server, "POST", "/hilrig/faults", AccessRights.ServiceConnect, ServiceErrorShape.Nested, faultCalls.AddAsync);
        Serve(server, "GET", "/hilrig/faults", AccessRights.ServiceConnect, ServiceErrorShape.Nested, faultCalls.ListAsync);
        Serve(server, "DELETE", "/hilrig/faults/{id}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, faultCalls.EndAsync);
        Serve(server, "GET", "/statistics/devices", AccessRights.RegistryRead, ServiceErrorShape.Registry, registry.DeviceStatisticsAsync);
        Serve(server, "GET", "/statistics/service", AccessRights.ServiceConnect, ServiceErrorShape.Registry, registry.ServiceStatisticsAsync);
        foreach (ServiceRoute route in routes)
        {
            Serve(server, route.Verb, route.Path, route.Needed, route.Shape, route.Call);
        }

        blobs?.Map(server);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} refused: {Reason}.")]
    private partial void LogRefused(string method, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed inside the hub.")]
    private partial void LogFailed(string method, string path, Exception cause);

    private void Serve(IEndpointRouteBuilder server, string verb, string route, AccessRights needed, ServiceErrorShape shape, Func<HttpContext, Task<ServiceAnswer>> call)
    {
        RequestDelegate guarded = async context => await AnswerAsync(context, needed, shape, call);
        server.MapMethods(route, [verb], guarded);
    }

    private async Task AnswerAsync(HttpContext context, AccessRights needed, ServiceErrorShape shape, Func<HttpContext, Task<ServiceAnswer>> call)
    {
        ServiceAnswer answer;
        try
        {
            answer = Refuse(context.Request, needed) ?? await call(context);
            if (answer.Error is null && !HttpMethods.IsGet(context.Request.Method))
            {
                await SavedAsync(context.RequestAborted);
            }
        }
        catch (BadHttpRequestException bad)
        {
            answer = bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? ServiceAnswer.Of(new ServiceError(413, 413001, "MessageTooLarge", "The request body is too large."))
                : ServiceAnswer.Of(ServiceError.ArgumentInvalid(bad.Message));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the caller has gone, or the hub plays dead
        }
        catch (Exception defect) when (!context.Response.HasStarted)
        {
            LogFailed(context.Request.Method, context.Request.Path, defect);
            answer = ServiceAnswer.Of(new ServiceError(500, 500001, "ServerError", "The hub failed; its log has the cause."));
        }

        await answer.WriteAsync(context.Response, shape, clock.GetUtcNow());
    }

    /// <summary>Checks what every call has in common. The token is checked against the path without its leading slash.</summary>
    private ServiceAnswer? Refuse(HttpRequest request, AccessRights needed)
    {
        if (!hosts.Contains(request.Host.Value ?? ""))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("Requested Host is not supported"));
        }

        if (!MqttUserName.IsApiVersion(request.Query["api-version"].ToString()))
        {
            return ServiceAnswer.Of(new ServiceError(400, 400001, "InvalidProtocolVersion", "The query must have api-version=YYYY-MM-DD, from 2016-11-14 on."));
        }

        string? refusal = needed == AccessRights.DeviceConnect ? VerifyDevice(request) : VerifyService(request, needed);
        if (refusal is null)
        {
            return Throttle(request);
        }

        LogRefused(request.Method, request.Path, refusal);
        return ServiceAnswer.Of(new ServiceError(401, 401002, "IotHubUnauthorizedAccess", "Unauthorized"));
    }

    /// <summary>What a fault makes of a call that would be served; the emulator's own calls stay free, among them the one that ends the fault.</summary>
    private ServiceAnswer? Throttle(HttpRequest request)
    {
        RunningFault? fault = request.Path.StartsWithSegments("/hilrig", StringComparison.Ordinal)
            ? null
            : faults.Strike(HubFaultKind.Throttle, RouteIdentity.Of(request.HttpContext), HubFaultTargets.Rest);
        return fault is null
            ? null
            : ServiceAnswer.Of(new ServiceError(429, 429001, "ThrottlingException", "Too many requests; wait and repeat.")) with { RetryAfterSeconds = fault.Fault.RetryAfterSeconds };
    }

    private string? VerifyService(HttpRequest request, AccessRights needed)
    {
        SasVerdict verdict = verifier.VerifyService(request.Headers.Authorization.ToString(), needed, (request.Path.Value ?? "/")[1..]);
        return verdict.Accepted ? null : verdict.Reason;
    }

    /// <summary>The calls of devices take a device's own token, one of a policy that connects devices, or the device's certificate.</summary>
    private string? VerifyDevice(HttpRequest request)
    {
        IFeatureCollection features = request.HttpContext.Features;
        if (devices.Find(RouteIdentity.Of(request.HttpContext)) is not { } device || !devices.IsEnabled(device))
        {
            return "the device is unknown or disabled";
        }

        DeviceVerdict verdict = deviceVerifier.Verify(device.Identity, request.Headers.Authorization.ToString(), features.Get<ClientCertificateFeature>()?.Certificate);
        features.Set(new DeviceCaller(device, verdict.OfPolicy));
        return verdict.Refusal;
    }

    /// <summary>Gives the router's own refusals a body: no such path, no such verb.</summary>
    private Task AnswerBareStatusAsync(Microsoft.AspNetCore.Diagnostics.StatusCodeContext bare)
    {
        HttpContext context = bare.HttpContext;
        ServiceError error = context.Response.StatusCode switch
        {
            405 => new ServiceError(405, 405000, "MethodNotAllowed", $"{context.Request.Method} is not served here."),
            404 => new ServiceError(404, 404000, "NotFound", $"{context.Request.Path} is not served by this hub."),
            int status => new ServiceError(status, status * 1000, "BadRequest", "The request cannot be served."),
        };
        return ServiceAnswer.Of(error).WriteAsync(context.Response, ServiceErrorShape.Registry, clock.GetUtcNow());
    }
}
