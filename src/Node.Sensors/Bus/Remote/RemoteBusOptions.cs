namespace Node.Sensors.Bus.Remote;

/// <summary>How a remote bus is reached.</summary>
public sealed record RemoteBusOptions
{
    /// <summary>Where it is served.</summary>
    public required RemoteBusEndpoint Endpoint { get; init; }

    /// <summary>How long one request may take, connecting included. Default 5 s; more than zero, at most one minute.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first pause before a lost watch on a pin is taken up again; it doubles up to <see cref="LongestPause"/>. Default 100 ms.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest such pause. Default 5 s.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);
}
