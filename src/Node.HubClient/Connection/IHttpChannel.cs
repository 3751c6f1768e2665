namespace Node.HubClient.Connection;

/// <summary>One HTTPS exchange after another, moved only by the caller. Two implementations: the polled link, and the scripted one of the tests.</summary>
internal interface IHttpChannel : IDisposable
{
    /// <summary>Bytes of the present request that the network would take now: another turn pays at once.</summary>
    bool HasMoreToSend { get; }

    /// <summary>Begins an exchange; the one before has ended.</summary>
    void Begin(HttpRequest request);

    /// <summary>One step. False while the exchange goes on.</summary>
    bool TryEnd(out HttpOutcome outcome);
}
