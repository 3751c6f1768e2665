namespace Node.HubClient;

/// <summary>Whether telemetry is under way (<c>IOTHUB_CLIENT_STATUS</c>).</summary>
public enum SendStatus
{
    /// <summary>Everything accepted has been confirmed.</summary>
    Idle,

    /// <summary>Something is waiting or in flight.</summary>
    Busy,
}
