using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Mqtt;
using HubEmulator.State;

namespace HubEmulator.Twins;

/// <summary>
/// The device side of twins: answers <c>$iothub/twin/res/{status}/?$rid={rid}[&amp;$version={n}]</c>. An answer goes to the connection that asked,
/// and nowhere without its subscription.
/// </summary>
internal sealed class TwinDesk(StateFile state, TimeProvider clock)
{
    private const string Answers = "$iothub/twin/res/";

    public CloseReason AnswerGet(DeviceLink link, Admission asker, DeviceTopic request)
    {
        if (asker.HasApiVersion)
        {
            asker.Device.Twin.Read(document => Answer(link, asker.Device, 200, request.RequestId, document.ToJsonString()));
        }
        else
        {
            Refuse(link, asker.Device, request.RequestId, WithoutApiVersion);
        }

        return CloseReason.None;
    }

    public CloseReason AnswerReport(DeviceLink link, Admission asker, DeviceTopic request, ReadOnlySpan<byte> payload)
    {
        Device device = asker.Device;
        TwinFailure failure = WithoutApiVersion;
        if (!asker.HasApiVersion || !TwinJson.TryReadObject(payload, out JsonObject patch, out failure))
        {
            Refuse(link, device, request.RequestId, failure);
            return CloseReason.None;
        }

        device.Twin.PatchReported(patch, request.Number, clock.GetUtcNow(), (broken, version) =>
        {
            if (broken.Status != 0)
            {
                Refuse(link, device, request.RequestId, broken);
            }
            else
            {
                Answer(link, device, 204, $"{request.RequestId}&$version={version}", "");
            }
        });
        state.Touch(device.Id);
        return CloseReason.None;
    }

    /// <summary>Refuses a request because there are too many.</summary>
    public CloseReason AnswerThrottled(DeviceLink link, Admission asker, DeviceTopic request)
    {
        Refuse(link, asker.Device, request.RequestId, TwinFailure.Throttled);
        return CloseReason.None;
    }

    private static TwinFailure WithoutApiVersion => TwinFailure.Invalid("The connection was made without an api-version.");

    private void Refuse(DeviceLink link, Device device, string requestId, TwinFailure failure)
    {
        DateTimeOffset now = clock.GetUtcNow();
        var body = new JsonObject
        {
            ["errorCode"] = failure.ErrorCode,
            ["trackingId"] = Times.TrackingId(now),
            ["message"] = failure.Message,
            ["timestampUtc"] = Times.Stamp(now),
        };
        Answer(link, device, failure.Status, requestId, body.ToJsonString());
    }

    private static void Answer(DeviceLink link, Device device, int status, string requestIdAndMore, string body) =>
        device.Session.TryPublish(DeviceFilter.TwinAnswers, $"{Answers}{status}/?$rid={requestIdAndMore}", Utf8(body), only: link);

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
