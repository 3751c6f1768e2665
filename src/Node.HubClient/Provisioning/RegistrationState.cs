using System.Diagnostics;
using static Node.HubClient.Provisioning.RegistrationEvent;
using static Node.HubClient.Provisioning.RegistrationState;

namespace Node.HubClient.Provisioning;

/// <summary>Where a registration stands.</summary>
internal enum RegistrationState
{
    /// <summary>None is under way.</summary>
    Idle,

    /// <summary>The next attempt to connect is not due yet, or is due now.</summary>
    Waiting,

    /// <summary>Name resolution, TCP, TLS, CONNECT: no CONNACK yet.</summary>
    Connecting,

    /// <summary>Accepted; no SUBACK yet.</summary>
    Subscribing,

    /// <summary>Connected: the next request is not due yet.</summary>
    Ready,

    /// <summary>A request is unanswered.</summary>
    Asking,
}

/// <summary>What moves a registration.</summary>
internal enum RegistrationEvent
{
    /// <summary>The caller wants to be registered.</summary>
    Wanted,

    /// <summary>The retry schedule's moment has come.</summary>
    RetryDue,

    /// <summary>CONNACK 0.</summary>
    Accepted,

    /// <summary>The SUBACK is in.</summary>
    Granted,

    /// <summary>A request went out.</summary>
    Asked,

    /// <summary>An answer came that asks for another request.</summary>
    Answered,

    /// <summary>The link broke, stayed silent or broke the protocol.</summary>
    LinkLost,

    /// <summary>The end is known.</summary>
    Finished,
}

/// <summary>The transition table of a registration.</summary>
internal static class RegistrationTransitions
{
    /// <summary>The next state.</summary>
    /// <exception cref="UnreachableException">The pair cannot occur: a defect, never a network condition.</exception>
    public static RegistrationState Next(RegistrationState state, RegistrationEvent happened) => (state, happened) switch
    {
        (Idle, Wanted) => Waiting,
        (Waiting, RetryDue) => Connecting,
        (Connecting, Accepted) => Subscribing,
        (Subscribing, Granted) => Ready,
        (Ready, Asked) => Asking,
        (Asking, Answered) => Ready,
        (Connecting or Subscribing or Ready or Asking, LinkLost) => Waiting,
        (not Idle, Finished) => Idle,
        _ => throw new UnreachableException($"{happened} while {state}"),
    };
}
