using Node.HubClient.Connection;

namespace Node.HubClient;

/// <content>What the hub sends: messages, desired properties, direct methods, and what becomes of the connection.</content>
public sealed partial class IotHubClientLL
{
    /// <summary>Registers for connection events; null unregisters. The present status is not replayed.</summary>
    /// <param name="callback">Told of each event.</param>
    /// <param name="context">Passed to the callback.</param>
    public IotHubClientResult SetConnectionStatusCallback(ConnectionStatusCallback? callback, object? context = null)
    {
        _session.RegisterStatus(callback, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Registers for cloud-to-device messages; null unregisters.</summary>
    /// <param name="callback">Handles each message and says what becomes of it.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns><see cref="IotHubClientResult.Error"/> for a module, which has no such messages, or when null is given and none is registered, as in the reference.</returns>
    public IotHubClientResult SetMessageCallback(C2dMessageCallback? callback, object? context = null)
    {
        if (_identity.ModuleId is not null || (callback is null && !_session.Features.Messages.IsWanted))
        {
            return IotHubClientResult.Error;
        }

        _session.Features.Messages.Register(callback, context);
        if (callback is null)
        {
            _session.Unsubscribe(Filters.Messages);
        }

        return IotHubClientResult.Ok;
    }

    /// <summary>Settles a message whose callback answered <see cref="MessageDisposition.AsyncAck"/>. On the thread of <see cref="DoWork"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="disposition">Any but <see cref="MessageDisposition.AsyncAck"/>.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.InvalidArg"/> for <see cref="MessageDisposition.AsyncAck"/>; <see cref="IotHubClientResult.Error"/> when the
    /// message is settled already or its connection is gone, in which case the hub delivers it again.
    /// </returns>
    public IotHubClientResult SendMessageDisposition(C2dMessage message, MessageDisposition disposition)
    {
        ArgumentNullException.ThrowIfNull(message);
        return disposition is MessageDisposition.AsyncAck || !Enum.IsDefined(disposition) ? IotHubClientResult.InvalidArg
            : _session.Features.Messages.Settle(message, disposition) ? IotHubClientResult.Ok
            : IotHubClientResult.Error;
    }

    /// <summary>When the last cloud-to-device message arrived, by the wall clock; twin and method traffic does not count.</summary>
    /// <param name="time">The instant; unchanged default when there was none.</param>
    /// <returns><see cref="IotHubClientResult.IndefiniteTime"/> before the first message.</returns>
    public IotHubClientResult GetLastMessageReceiveTime(out DateTimeOffset time)
    {
        time = _session.Features.Messages.LastReceived ?? default;
        return _session.Features.Messages.LastReceived is null ? IotHubClientResult.IndefiniteTime : IotHubClientResult.Ok;
    }

    /// <summary>Registers for desired properties; null unregisters. Each registration fetches the whole twin.</summary>
    /// <param name="callback">Told of the twin and of patches.</param>
    /// <param name="context">Passed to the callback.</param>
    public IotHubClientResult SetDeviceTwinCallback(DeviceTwinCallback? callback, object? context = null)
    {
        _session.Features.Desired.Register(callback, context);
        if (callback is null)
        {
            _session.Unsubscribe(Filters.DesiredPatches);
        }

        return IotHubClientResult.Ok;
    }

    /// <summary>Registers the handler of direct methods that answers at once; null unregisters.</summary>
    /// <param name="callback">Works and answers each call.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>
    /// <see cref="IotHubClientResult.Error"/> when null is given and none is registered, or while the other kind of handler is registered, as
    /// in the reference.
    /// </returns>
    public IotHubClientResult SetDeviceMethodCallback(DeviceMethodCallback? callback, object? context = null)
    {
        if (_session.Features.Methods.AnswersLater || (callback is null && !_session.Features.Methods.AnswersAtOnce))
        {
            return IotHubClientResult.Error;
        }

        RegisterMethods(callback, null, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Registers the handler of direct methods that answers later, by <see cref="DeviceMethodResponse"/>; null unregisters.</summary>
    /// <param name="callback">Takes each call.</param>
    /// <param name="context">Passed to the callback.</param>
    /// <returns>As <see cref="SetDeviceMethodCallback"/>.</returns>
#pragma warning disable CA1711 // The members are named after the reference's functions, so that its users find them.
    public IotHubClientResult SetDeviceMethodCallbackEx(DeviceMethodExCallback? callback, object? context = null)
#pragma warning restore CA1711
    {
        if (_session.Features.Methods.AnswersAtOnce || (callback is null && !_session.Features.Methods.AnswersLater))
        {
            return IotHubClientResult.Error;
        }

        RegisterMethods(null, callback, context);
        return IotHubClientResult.Ok;
    }

    /// <summary>Answers a call that was handed out; the answer leaves with the next <see cref="DoWork"/>. Any thread.</summary>
    /// <param name="request">The call; used up by the first answer, whatever its result.</param>
    /// <param name="response">The answer.</param>
    /// <returns><see cref="IotHubClientResult.Error"/> when answered already, or when the connection that carried the call is gone.</returns>
    public IotHubClientResult DeviceMethodResponse(MethodRequest request, MethodResponse response)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _session.Features.Methods.Answer(request, response) ? Notify(IotHubClientResult.Ok) : IotHubClientResult.Error;
    }

    private void RegisterMethods(DeviceMethodCallback? callback, DeviceMethodExCallback? later, object? context)
    {
        _session.Features.Methods.Register(callback, later, context);
        if (!_session.Features.Methods.IsWanted)
        {
            _session.Unsubscribe(Filters.Methods);
        }
    }
}
