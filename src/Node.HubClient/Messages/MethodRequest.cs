namespace Node.HubClient;

/// <summary>
/// The right to answer one direct method call later, once, by <see cref="IotHubClientLL.DeviceMethodResponse"/>. The hub waits as long
/// as its caller asked (5 to 300 s) and on the connection that carried the call alone.
/// </summary>
public sealed class MethodRequest
{
    internal MethodRequest(MethodCall call, string requestId, long connection)
    {
        Call = call;
        RequestId = requestId;
        Connection = connection;
    }

    /// <summary>The call.</summary>
    public MethodCall Call { get; }

    internal string RequestId { get; }

    internal long Connection { get; }

    internal bool IsAnswered { get; set; }
}

/// <summary>Takes a direct method call that is answered later. Runs inside <see cref="IotHubClientLL.DoWork"/>.</summary>
/// <param name="request">The call and the right to answer it.</param>
/// <param name="context">What was passed along at registration.</param>
public delegate void DeviceMethodExCallback(MethodRequest request, object? context);
