namespace Node.HubClient;

/// <summary>A call of the awaitable face was refused, or ended badly.</summary>
public sealed class HubClientException : Exception
{
    /// <summary>Creates one.</summary>
    /// <param name="result">What the caller-driven call answered.</param>
    /// <param name="message">For people.</param>
    public HubClientException(IotHubClientResult result, string message)
        : base(message) => Result = result;

    /// <summary>What the caller-driven call answered; <see cref="IotHubClientResult.Error"/> for one that was accepted and failed later.</summary>
    public IotHubClientResult Result { get; }
}
