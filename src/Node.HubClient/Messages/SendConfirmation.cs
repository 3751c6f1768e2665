namespace Node.HubClient;

/// <summary>How an accepted telemetry message ended (<c>IOTHUB_CLIENT_CONFIRMATION_RESULT</c>). Each ends exactly once.</summary>
public enum SendConfirmation
{
    /// <summary>The hub acknowledged it.</summary>
    Ok,

    /// <summary>The client was disposed while the message was waiting or in flight; the hub may have it all the same.</summary>
    BecauseDestroy,

    /// <summary>No acknowledgement within the bound; the hub may have it all the same.</summary>
    MessageTimeout,

    /// <summary>It could not be put on the wire.</summary>
    Error,
}

/// <summary>Told how a message ended. Runs inside <see cref="IotHubClientLL.DoWork"/> or <see cref="IotHubClientLL.Dispose"/>.</summary>
/// <param name="result">How it ended.</param>
/// <param name="context">What the sender passed along.</param>
public delegate void SendConfirmationCallback(SendConfirmation result, object? context);
