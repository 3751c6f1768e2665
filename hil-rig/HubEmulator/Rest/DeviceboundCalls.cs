using HubEmulator.C2d;
using HubEmulator.Identity;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Cloud-to-device messages over HTTPS: <c>GET /devices/{id}/messages/deviceBound</c> locks the oldest for a minute and answers it with its lock token
/// as entity tag, or 204; <c>DELETE …/{lockToken}</c> completes it, with <c>reject</c> in the query rejects it, <c>POST …/{lockToken}/abandon</c> gives it back.
/// </summary>
internal sealed class DeviceboundCalls(C2dDesk desk)
{
    private const string Path = "/devices/{id}/messages/deviceBound";

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", Path, AccessRights.DeviceConnect, ServiceErrorShape.Nested, context => Task.FromResult(Receive(DeviceCaller.Of(context).Device))),
        new("DELETE", Path + "/{lockToken}", AccessRights.DeviceConnect, ServiceErrorShape.Nested, context => Task.FromResult(
            Settle(context, context.Request.Query.ContainsKey("reject") ? C2dSettlement.Reject : C2dSettlement.Complete))),
        new("POST", Path + "/{lockToken}/abandon", AccessRights.DeviceConnect, ServiceErrorShape.Nested, context => Task.FromResult(Settle(context, C2dSettlement.Abandon))),
    ];

    private ServiceAnswer Receive(Device device)
    {
        if (desk.TryReceive(device) is not { } received)
        {
            return ServiceAnswer.NoContent;
        }

        return new ServiceAnswer(200, ETag: received.Token.ToString())
        {
            Content = received.Message.Body,
            Headers = MessageHeaders.Write(device.Id, received.Message, received.Abandoned),
        };
    }

    private ServiceAnswer Settle(HttpContext context, C2dSettlement settlement) =>
        Guid.TryParse(context.Request.RouteValues["lockToken"]?.ToString(), out Guid token) && desk.TrySettle(DeviceCaller.Of(context).Device, token, settlement)
            ? ServiceAnswer.NoContent
            : ServiceAnswer.Of(new ServiceError(412, 412002, "DeviceMessageLockLost", "No message is locked under this token; a lock lasts a minute."));
}
