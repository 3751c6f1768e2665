namespace HubEmulator.Mqtt;

/// <summary>Why a connection ended, in words.</summary>
internal static class CloseReasons
{
    public static string Describe(CloseReason reason) => reason switch
    {
        CloseReason.Disconnected => "the device said goodbye",
        CloseReason.LinkLost => "the connection was lost",
        CloseReason.Refused => "refused",
        CloseReason.ConnectTimeout => "no CONNECT came in time",
        CloseReason.KeepAliveTimeout => "silent for too long",
        CloseReason.TokenExpired => "its token ran out",
        CloseReason.TakenOver => "the same device connected anew",
        CloseReason.IdentityChanged => "its identity was deleted, disabled or got new keys",
        CloseReason.MalformedPacket => "it sent what is no MQTT 3.1.1 packet, or one that has no place there",
        CloseReason.ForbiddenFilter => "it subscribed to a filter that the hub does not serve",
        CloseReason.ForbiddenTopic => "it published to a topic that the hub does not serve",
        CloseReason.ForbiddenQos => "it published at QoS 2",
        CloseReason.ForbiddenMessage => "it sent a malformed property bag, or a message beyond the size limit",
        CloseReason.SlowReader => "it reads too slowly",
        CloseReason.HubFailed => "the hub failed, and its log has the cause",
        CloseReason.HubStopped => "the hub stopped listening",
        _ => "it ended",
    };
}
