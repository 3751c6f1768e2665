namespace HubEmulator.Methods;

/// <summary>The ways in which a method call ends.</summary>
internal enum MethodEnding
{
    /// <summary>The device answered, with whatever status.</summary>
    Answered,

    /// <summary>The device was not connected, or not subscribed, within the connect time.</summary>
    Offline,

    /// <summary>No answer came within the response time.</summary>
    NoAnswer,

    /// <summary>The answer is not JSON.</summary>
    BadAnswer,

    /// <summary>The device has too many calls under way.</summary>
    TooManyInFlight,
}
