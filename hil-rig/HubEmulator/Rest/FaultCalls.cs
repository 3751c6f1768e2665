using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator.Faults;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Faults on demand over HTTPS; no real hub has these calls.</summary>
internal sealed class FaultCalls(FaultDesk desk)
{
    /// <summary><c>POST /hilrig/faults</c>: answers 201 with the fault and its number. A restart without a wait begins after the answer.</summary>
    public async Task<ServiceAnswer> AddAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (FaultForm.TryRead(body, out HubFault fault) is { } broken)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        if (desk.TryAdd(fault) is not { } added)
        {
            return ServiceAnswer.Of(new ServiceError(403, 403000, "TooManyFaults", $"{FaultDesk.MostPending} faults have not ended; end some."));
        }

        if (fault.Kind == HubFaultKind.Restart)
        {
            context.Response.OnCompleted(() =>
            {
                desk.Arm(added);
                return Task.CompletedTask;
            });
        }
        else
        {
            desk.Arm(added);
        }

        return new ServiceAnswer(201, FaultJson.Describe(added.Describe()));
    }

    /// <summary><c>GET /hilrig/faults</c>: those that wait or are in force, and the last that have ended.</summary>
    public Task<ServiceAnswer> ListAsync(HttpContext context) =>
        Task.FromResult(ServiceAnswer.Ok(new JsonArray([.. desk.List().Select(FaultJson.Describe)])));

    /// <summary><c>DELETE /hilrig/faults/{id}</c>: ends one before its time.</summary>
    public Task<ServiceAnswer> EndAsync(HttpContext context)
    {
        string text = context.Request.RouteValues["id"]?.ToString() ?? "";
        bool ended = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long id) && desk.TryEnd(id);
        return Task.FromResult(ended ? ServiceAnswer.NoContent : ServiceAnswer.Of(new ServiceError(404, 404000, "FaultNotFound", $"No fault {text} is waiting or in force.")));
    }
}
