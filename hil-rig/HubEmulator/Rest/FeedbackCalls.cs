using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Notices;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// Feedback on cloud-to-device messages over HTTPS: <c>GET /messages/serviceBound/feedback</c> locks a batch for a minute, 204 when there is none;
/// <c>DELETE …/{lockToken}</c> ends it, <c>POST …/{lockToken}/abandon</c> gives it back. It comes out of the same queue as over AMQP.
/// </summary>
internal sealed class FeedbackCalls(NoticeQueue feedback)
{
    private const string Path = "/messages/serviceBound/feedback";

    public IEnumerable<ServiceRoute> Routes =>
    [
        new("GET", Path, AccessRights.ServiceConnect, ServiceErrorShape.Nested, _ => Task.FromResult(Receive())),
        new("DELETE", Path + "/{lockToken}", AccessRights.ServiceConnect, ServiceErrorShape.Nested, context => Task.FromResult(Settle(context, feedback.Complete))),
        new("POST", Path + "/{lockToken}/abandon", AccessRights.ServiceConnect, ServiceErrorShape.Nested, context => Task.FromResult(Settle(context, feedback.Abandon))),
    ];

    private ServiceAnswer Receive() => feedback.TryLock() is { } taken
        ? ServiceAnswer.Ok(JsonNode.Parse(taken.Notice.Body)!, taken.Token.ToString())
        : ServiceAnswer.NoContent;

    private static ServiceAnswer Settle(HttpContext context, Func<Guid, bool> settle) =>
        Guid.TryParse(context.Request.RouteValues["lockToken"]?.ToString(), out Guid token) && settle(token)
            ? ServiceAnswer.NoContent
            : ServiceAnswer.Of(new ServiceError(412, 412002, "DeviceMessageLockLost", "No batch is locked under this token; a lock lasts a minute."));
}
