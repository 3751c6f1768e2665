namespace Node.HubClient.Connection;

/// <summary>
/// Deliberate defects, so that the simulation can show that it would notice them. Only tests set one, through
/// <see cref="SessionSettings.Defect"/>; the client's face has no way to it.
/// </summary>
internal enum Defect
{
    /// <summary>None: the client as it ships.</summary>
    None,

    /// <summary>The window is not kept.</summary>
    NoWindow,

    /// <summary>Filters granted on an earlier connection are not asked for again.</summary>
    NoResubscribe,

    /// <summary>What is in flight is forgotten at a reconnect.</summary>
    NoResend,

    /// <summary>What is in flight goes out again newest first.</summary>
    ResendBackwards,

    /// <summary>A message is confirmed when it is published.</summary>
    ConfirmAtPublish,

    /// <summary>A version gap is ignored.</summary>
    NoSnapshotAtGap,

    /// <summary>Pings are sent, but nobody minds when they are not answered.</summary>
    NoPingTimeout,

    /// <summary>A failed twin request is not repeated.</summary>
    NoTwinRetry,

    /// <summary>Reported patches in flight are forgotten at a reconnect.</summary>
    NoReportedResend,

    /// <summary>The retry wait is ignored.</summary>
    NoBackoff,

    /// <summary>A cloud-to-device message that is to be settled later is acknowledged at once.</summary>
    AcknowledgeUnsettled,

    /// <summary>Acknowledgements of cloud-to-device messages leave newest first.</summary>
    AcknowledgeBackwards,
}
