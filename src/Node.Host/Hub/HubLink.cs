using Microsoft.Extensions.Logging;
using Node.Host.Composition;
using Node.HubClient;

namespace Node.Host.Hub;

/// <summary>What is known of the connection to the hub; logs each change once. Written by the hub loop, read by any thread.</summary>
internal sealed partial class HubLink(NodeClock clock, ILogger logger)
{
    /// <summary>Every way to say who the node is; docs/operation.md has them in full.</summary>
    private const string Ways = "Node:Hub:ConnectionString; or for provisioning (DPS) Node:Hub:Dps:IdScope and Node:Hub:Dps:RegistrationId with Node:Hub:Dps:SymmetricKey, "
        + "Node:Hub:Dps:GroupKey or a certificate; or for X.509 Node:Hub:HostName, Node:Hub:DeviceId, Node:Hub:Certificate and Node:Hub:CertificateKey; "
        + "or AZURE_HUB_HOST, AZURE_CERT and AZURE_PRIVATE_KEY as balena's cloud relay has them";

    private volatile HubLinkState _state = new(false, "Starting", "no attempt has ended yet", clock.UtcNow, null);

    /// <summary>Told of every connection event whether the hub is there, on the hub loop's thread.</summary>
    public Action<bool>? Switched { get; set; }

    public HubLinkState State => _state;

    public bool IsAuthenticated => _state.IsAuthenticated;

    /// <summary>Takes over a connection event.</summary>
    public void Changed(ConnectionStatusChange change)
    {
        bool authenticated = change.Status == ConnectionStatus.Authenticated;
        HubLinkState before = _state;
        bool same = before.IsAuthenticated == authenticated && before.Reason == change.Reason.ToString();
        _state = new HubLinkState(authenticated, change.Reason.ToString(), change.Detail, same ? before.Since : clock.UtcNow,
            before.FirstConnect ?? (authenticated ? clock.Uptime : null));
        Switched?.Invoke(authenticated);
        if (authenticated)
        {
            LogConnected(logger);
        }
        else if (!same)
        {
            LogNotConnected(logger, change.Reason, change.Detail);
        }
    }

    /// <summary>Says that no attempt is made before the clock shows a time that can be.</summary>
    public void WaitForClock()
    {
        const string Waiting = "WaitingForClock";
        if (_state.Reason != Waiting)
        {
            string detail = $"the clock shows {clock.UtcNow:yyyy-MM-dd}, which cannot be; waiting for the time service";
            _state = new HubLinkState(false, Waiting, detail, clock.UtcNow, null);
            LogWaiting(logger, detail);
        }
    }

    /// <summary>Says that there is no hub to connect to.</summary>
    public void NotConfigured()
    {
        _state = new HubLinkState(false, "NotConfigured", $"no hub is configured; give {Ways}", clock.UtcNow, null);
        LogNotConfigured(logger, Ways);
    }

    [LoggerMessage(EventId = 100, Level = LogLevel.Information, Message = "Connected to the hub")]
    private static partial void LogConnected(ILogger logger);

    [LoggerMessage(EventId = 101, Level = LogLevel.Warning, Message = "Not connected to the hub: {Reason}, {Detail}; readings are kept and attempts go on")]
    private static partial void LogNotConnected(ILogger logger, ConnectionStatusReason reason, string detail);

    [LoggerMessage(EventId = 103, Level = LogLevel.Warning, Message = "Not connecting to the hub yet: {Detail}; readings are taken and dated afterwards")]
    private static partial void LogWaiting(ILogger logger, string detail);

    [LoggerMessage(EventId = 102, Level = LogLevel.Warning,
        Message = "No hub is configured: readings are taken and kept, but sent nowhere. Give {Ways}")]
    private static partial void LogNotConfigured(ILogger logger, string ways);
}

/// <summary>One view of the connection.</summary>
/// <param name="IsAuthenticated">Whether the hub has accepted this node on the present connection.</param>
/// <param name="Reason">Why, as one word for programs.</param>
/// <param name="Detail">Why, for people; holds no secret.</param>
/// <param name="Since">Since when status and reason have been so.</param>
/// <param name="FirstConnect">Process start to the first connection; null before it.</param>
internal sealed record HubLinkState(bool IsAuthenticated, string Reason, string Detail, DateTimeOffset Since, TimeSpan? FirstConnect);
