namespace HubEmulator;

/// <summary>What goes wrong on purpose. The names in parentheses are those of the admin call and the command line.</summary>
public enum HubFaultKind
{
    /// <summary>(<c>refuse</c>) CONNECT is answered with a return code, or a request over HTTPS with a status, whatever the token.</summary>
    Refuse,

    /// <summary>(<c>drop</c>) Connections end without notice, once or again and again.</summary>
    Drop,

    /// <summary>(<c>half-open</c>) Connections stay open and carry nothing, in either direction; they end with the fault.</summary>
    HalfOpen,

    /// <summary>(<c>delay</c>) Every packet of the hub comes late, in order; over HTTPS, where asked for, every answer.</summary>
    Delay,

    /// <summary>(<c>slow-puback</c>) Acknowledgements of the hub come late, in order; other packets overtake them.</summary>
    SlowAcknowledgement,

    /// <summary>(<c>duplicate</c>) Cloud-to-device messages, acknowledgements or both come twice.</summary>
    Duplicate,

    /// <summary>(<c>throttle</c>) Requests are answered with 429.</summary>
    Throttle,

    /// <summary>(<c>expire-tokens</c>) Connections end as if their tokens had run out just now, and these tokens are refused.</summary>
    ExpireTokens,

    /// <summary>(<c>disable</c>) The device is disabled in the registry, and enabled again at the end.</summary>
    Disable,

    /// <summary>(<c>corrupt</c>) Bytes change on their way.</summary>
    Corrupt,

    /// <summary>(<c>take-over</c>) Somebody else connects with the device's identity again and again.</summary>
    TakeOver,

    /// <summary>(<c>lose-desired</c>) Desired properties change and the connected device is not told, so that it meets a gap between versions.</summary>
    LoseDesired,

    /// <summary>(<c>forget</c>) Telemetry over MQTT is acknowledged and thrown away: what a hub must never do, and what a check for lost readings must notice.</summary>
    Forget,

    /// <summary>(<c>restart</c>) The hub is a dead host, and comes back on the same ports.</summary>
    Restart,
}
