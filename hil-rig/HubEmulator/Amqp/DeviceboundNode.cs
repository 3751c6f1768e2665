using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.C2d;
using HubEmulator.Identity;

namespace HubEmulator.Amqp;

/// <summary><c>/messages/devicebound</c>: takes messages to <c>/devices/{id}/messages/devicebound</c> into the queue of that device.</summary>
internal sealed partial class DeviceboundNode(DeviceRegistry registry, C2dDesk desk, TimeProvider clock)
{
    private const string ArgumentError = "com.microsoft:argument-error";

    /// <summary>Completes when what was sent will survive the end of the process.</summary>
    public Task SavedAsync() => desk.SavedAsync();

    /// <returns>Why the message is rejected, or null when it waits for its device now.</returns>
    public Error? TrySend(Message sent)
    {
        Match to = Destination().Match(sent.Properties?.To ?? "");
        if (!to.Success)
        {
            return Refuse(ArgumentError, 400004, "ArgumentInvalid: 'to' must be /devices/{id}/messages/devicebound.");
        }

        string id = Uri.UnescapeDataString(to.Groups["device"].Value);
        if (to.Groups["module"].Success)
        {
            return Refuse(ErrorCode.NotImplemented, 400003, "InvalidOperation: the hub sends to devices, not to modules.");
        }

        if (registry.Find(id) is not { } device || DeviceIds.ModuleOf(id) is not null)
        {
            return Refuse(ErrorCode.NotFound, 404001, $"DeviceNotFound: {id}");
        }

        if (!SentMessage.TryRead(sent, out C2dMessage message, out string broken) || (C2dRules.FindBrokenRule(message) is { } rule && (broken = rule) is not null))
        {
            return Refuse(ArgumentError, 400004, $"ArgumentInvalid: {broken}");
        }

        if (C2dRules.IsTooLarge(id, message))
        {
            return Refuse(ErrorCode.MessageSizeExceeded, 413001, $"MessageTooLarge: a message may have {C2dRules.MostBytes} bytes with its properties.");
        }

        return desk.TrySend(device, message)
            ? null
            : Refuse(ErrorCode.ResourceLimitExceeded, 403004, $"DeviceMaximumQueueDepthExceeded: the queue of {id} holds {C2dQueue.MostMessages} messages.");
    }

    /// <summary>The condition is for programs, and the description holds what the service's other errors say, as JSON.</summary>
    private Error Refuse(string condition, int code, string message)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string tracking = Times.TrackingId(now);
        var description = new JsonObject { ["errorCode"] = code, ["trackingId"] = tracking, ["message"] = message, ["timestampUtc"] = Times.Stamp(now) };
        return new Error(condition)
        {
            Description = description.ToJsonString(),
            Info = new Fields { [new Symbol("com.microsoft:tracking-id")] = tracking },
        };
    }

    [GeneratedRegex("^/?devices/(?<device>[^/]+)(/modules/(?<module>[^/]+))?/messages/devicebound$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Destination();
}
