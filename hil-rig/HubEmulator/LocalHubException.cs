namespace HubEmulator;

/// <summary>A local hub cannot start; the message names the place and what to do about it.</summary>
public sealed class LocalHubException : Exception
{
    /// <summary>Makes the error of one fault.</summary>
    /// <param name="fault">Its kind.</param>
    /// <param name="message">The place and the remedy, for people.</param>
    /// <param name="inner">What the system said, if it said something.</param>
    public LocalHubException(LocalHubFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>The kind of the fault, for programs.</summary>
    public LocalHubFault Fault { get; }

    /// <summary>The TCP port that could not be had; null when the fault is not about a port.</summary>
    public int? Port { get; init; }
}
