using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>An error of a service call: HTTP status, number, name and text.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">The six-digit number in the body.</param>
/// <param name="Name">The value of the header <c>iothub-errorcode</c>.</param>
/// <param name="Message">For people.</param>
/// <param name="Timeout">What <c>info.timeout</c> says, for the errors that have it.</param>
internal sealed record ServiceError(int Status, int Code, string Name, string Message, TimeSpan? Timeout = null)
{
    private const string TextMember = "Message"; // the wire's spelling, whatever the property is called

    public static ServiceError ArgumentInvalid(string message) => new(400, 400004, "ArgumentInvalid", message);

    public static ServiceError DeviceNotFound(string id) => new(404, 404001, "DeviceNotFound", id);

    /// <summary>Tells a missing device from a missing module.</summary>
    public static ServiceError IdentityNotFound(string identity) => DeviceIds.ModuleOf(identity) is null ? DeviceNotFound(identity) : new ServiceError(404, 404010, "ModuleNotFound", identity);

    public static ServiceError AlreadyExists(string identity) => DeviceIds.ModuleOf(identity) is null
        ? new ServiceError(409, 409001, "DeviceAlreadyExists", identity)
        : new ServiceError(409, 409301, "ModuleAlreadyExistsOnDevice", identity);

    /// <summary>Tells a full hub from a device with as many modules as it may have.</summary>
    public static ServiceError NoRoom(string identity) => DeviceIds.ModuleOf(identity) is null
        ? new ServiceError(403, 403009, "TooManyDevices", $"This hub holds at most {DeviceRegistry.MostDevices} devices.")
        : new ServiceError(403, 403010, "TooManyModulesOnDevice", $"A device has at most {DeviceRegistry.MostModules} modules.");

    public static ServiceError Stale(string identity) => new(412, 412001, "PreconditionFailed", $"The entity tag is not that of {identity}.");

    public JsonObject ToJson(ServiceErrorShape shape, DateTimeOffset now) => shape switch
    {
        ServiceErrorShape.Registry => new JsonObject
        {
            [TextMember] = $"ErrorCode:{Name};{Message}",
            ["ExceptionMessage"] = $"Tracking ID:{Times.TrackingId(now)}",
        },
        ServiceErrorShape.Flat => Nested(now),
        _ => new JsonObject { [TextMember] = Nested(now).ToJsonString(), ["ExceptionMessage"] = "" },
    };

    private JsonObject Nested(DateTimeOffset now)
    {
        var inner = new JsonObject { ["errorCode"] = Code, ["trackingId"] = Times.TrackingId(now), ["message"] = Message };
        if (Timeout is { } timeout)
        {
            inner["info"] = new JsonObject { ["timeout"] = timeout.ToString("c") };
        }

        inner["timestampUtc"] = Times.Stamp(now);
        return inner;
    }
}
