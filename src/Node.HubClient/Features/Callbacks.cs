using Microsoft.Extensions.Logging;

namespace Node.HubClient.Features;

/// <summary>
/// Runs what callers registered. A callback that throws is logged and ends there: it must not tear a turn in two.
/// </summary>
internal sealed class Callbacks(ILogger logger)
{
    /// <summary>Confirms a telemetry message.</summary>
    public void Confirm(SendConfirmationCallback? callback, SendConfirmation result, object? context)
    {
        try
        {
            callback?.Invoke(result, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("send confirmation", thrown);
        }
    }

    /// <summary>Completes a reported patch.</summary>
    public void Report(ReportedStateCallback? callback, int status, object? context)
    {
        try
        {
            callback?.Invoke(status, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("reported state", thrown);
        }
    }

    /// <summary>Hands over desired properties.</summary>
    public void Twin(DeviceTwinCallback? callback, TwinUpdateState state, ReadOnlySpan<byte> json, object? context)
    {
        try
        {
            callback?.Invoke(state, json, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("device twin", thrown);
        }
    }

    /// <summary>Hands over a twin that was read.</summary>
    public void TwinRead(TwinReadCallback callback, int status, ReadOnlySpan<byte> json, object? context)
    {
        try
        {
            callback(status, json, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("twin read", thrown);
        }
    }

    /// <summary>Tells of a connection event.</summary>
    public void Status(ConnectionStatusCallback? callback, ConnectionStatusChange change, object? context)
    {
        try
        {
            callback?.Invoke(change, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("connection status", thrown);
        }
    }

    /// <summary>Works a method; an exception becomes status 500 with an empty object, so that the caller never waits in vain.</summary>
    public MethodResponse Method(DeviceMethodCallback callback, MethodCall call, object? context)
    {
        try
        {
            return callback(call, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("direct method", thrown);
            return new MethodResponse(500, """{"error":"The device's handler failed; its log says why."}"""u8.ToArray());
        }
    }

    /// <summary>Hands over a method call that is answered later; false when the handler threw.</summary>
    public bool MethodLater(DeviceMethodExCallback callback, MethodRequest request, object? context)
    {
        try
        {
            callback(request, context);
            return true;
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("direct method", thrown);
            return false;
        }
    }

    /// <summary>Hands over a cloud-to-device message; a handler that throws abandons it.</summary>
    public MessageDisposition Message(C2dMessageCallback callback, C2dMessage message, object? context)
    {
        try
        {
            return callback(message, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("cloud-to-device message", thrown);
            return MessageDisposition.Abandoned;
        }
    }

    /// <summary>Asks for a block of an upload or tells its end; a handler that throws aborts the upload.</summary>
    public FileUploadGetDataResult Upload(FileUploadAbortableCallback callback, FileUpload upload, object? context)
    {
        try
        {
            return callback(upload, context);
        }
        catch (Exception thrown)
        {
            logger.CallbackThrew("file upload", thrown);
            return FileUploadGetDataResult.Abort;
        }
    }
}
