namespace Node.HubClient.Connection;

/// <summary>Why a connection, or an attempt at one, is over.</summary>
/// <param name="Reason">For the caller.</param>
/// <param name="Detail">For people.</param>
/// <param name="Cause">For who looks for a pattern in losses.</param>
internal readonly record struct ConnectionFault(ConnectionStatusReason Reason, string Detail, LossCause Cause = LossCause.Network)
{
    /// <summary>The peer broke the protocol.</summary>
    public static ConnectionFault OfProtocol(string detail) => new(ConnectionStatusReason.CommunicationError, detail, LossCause.Protocol);

    /// <summary>What the transport said of its end.</summary>
    public static ConnectionFault Of(in TransportEvent lost) =>
        new(lost.Cause is LossCause.Protocol ? ConnectionStatusReason.CommunicationError : ConnectionStatusReason.NoNetwork, lost.Detail!, lost.Cause);
}
