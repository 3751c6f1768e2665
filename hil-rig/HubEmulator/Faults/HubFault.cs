namespace HubEmulator;

/// <summary>A fault to be played: what, for whom, when, and from which seed.</summary>
/// <param name="Kind">What goes wrong.</param>
public sealed record HubFault(HubFaultKind Kind)
{
    /// <summary>The one identity that it hits: a device id, <c>{device}/{module}</c>, or a registration id. Null, the default, hits all; two kinds need one.</summary>
    public string? DeviceId { get; init; }

    /// <summary>How long to wait before it begins, 0 to 24 hours. Default 0.</summary>
    public TimeSpan After { get; init; }

    /// <summary>How long it lasts, 0.1 seconds to 24 hours, a restart at most 1 hour. Default 1 minute. A single drop is over at once.</summary>
    public TimeSpan For { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Chance is drawn from it, in the order of events. Default 0.</summary>
    public int Seed { get; init; }

    /// <summary>The chance that it strikes when it could, above 0 up to 1. Default 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>
    /// How often it strikes at most, 1 to 1,000,000: connections, packets, requests or bytes, by its kind. Null, the default, sets no limit. A fault
    /// that has nothing left to do is over; one whose effect lasts, such as a half-open connection, goes on for its time.
    /// </summary>
    public int? Count { get; init; }

    /// <summary>What it is restricted to. The default is what the kind usually hits.</summary>
    public HubFaultProtocols Protocols { get; init; }

    /// <summary>The answer to CONNECT, 1 to 5. Default 5. For <see cref="HubFaultKind.Refuse"/> without a <see cref="Status"/>.</summary>
    public int ReturnCode { get; init; } = 5;

    /// <summary>The status, 400 to 599, that requests over HTTPS, or WebSocket upgrades, are refused with. Null, the default, refuses CONNECT instead. For <see cref="HubFaultKind.Refuse"/>.</summary>
    public int? Status { get; init; }

    /// <summary>What the body of a refused request says, at most 1,000 characters. Null, the default, leaves it empty. For <see cref="HubFaultKind.Refuse"/> with a <see cref="Status"/>.</summary>
    public string? Text { get; init; }

    /// <summary>How late packets come, 0 to 60 seconds. Default 1 second. For <see cref="HubFaultKind.Delay"/>, also of requests over HTTPS, and <see cref="HubFaultKind.SlowAcknowledgement"/>.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much later still at most, 0 to 60 seconds, drawn for each packet. Default 0.</summary>
    public TimeSpan Jitter { get; init; }

    /// <summary>
    /// The time between two strikes, 0.1 seconds to 1 hour. Null, the default, drops once and takes over every 5 seconds.
    /// For <see cref="HubFaultKind.Drop"/> and <see cref="HubFaultKind.TakeOver"/>.
    /// </summary>
    public TimeSpan? Every { get; init; }

    /// <summary>What is throttled or doubled. The default is all that the kind can hit.</summary>
    public HubFaultTargets Targets { get; init; }

    /// <summary>The seconds that a throttled request is asked to wait, 0 to 3600. Default 5; twin answers have no place for it.</summary>
    public int RetryAfterSeconds { get; init; } = 5;

    /// <summary>True hits only the connections that are open when it begins. For <see cref="HubFaultKind.HalfOpen"/>.</summary>
    public bool OnlyOpen { get; init; }

    /// <summary>The chance of each byte to change, above 0 up to 1. Default 0.001. For <see cref="HubFaultKind.Corrupt"/>.</summary>
    public double Rate { get; init; } = 0.001;

    /// <summary>Which bytes may change. Default: those of the hub.</summary>
    public HubFaultDirections Direction { get; init; } = HubFaultDirections.ToDevice;
}
