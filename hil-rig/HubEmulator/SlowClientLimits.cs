namespace HubEmulator;

/// <summary>How long a client may take over what it begins, before the hub ends its connection. These follow the system's clock.</summary>
public sealed record SlowClientLimits
{
    /// <summary>For the TLS handshake, 0.1 seconds to 1 minute. Default 10 seconds.</summary>
    public TimeSpan Handshake { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>For the head of a request over HTTPS, 0.1 seconds to 5 minutes. Default 30 seconds.</summary>
    public TimeSpan RequestHead { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The bytes a second that the body of a request must bring on average, 1 to 1,000,000. Default 240.</summary>
    public double BodyBytesPerSecond { get; init; } = 240;

    /// <summary>How long a body may bring less, 1.1 seconds to 5 minutes. Default 5 seconds.</summary>
    public TimeSpan BodyGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For a connection over HTTPS without a request, 0.1 seconds to 1 hour. Default 130 seconds.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(130);
}
