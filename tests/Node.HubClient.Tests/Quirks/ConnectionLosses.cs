using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Each way in which a connection that stands can end; the turn after it is the one that notices.</summary>
internal static class ConnectionLosses
{
    /// <summary>By what happens: how the client tells of it, and what brings it about.</summary>
    public static readonly Dictionary<string, (ConnectionStatusReason Reason, Action<ClientRig> Lose)> All = new()
    {
        ["the link is cut"] = (ConnectionStatusReason.NoNetwork, rig => rig.Hub.Lose()),
        ["the peer sends what is no MQTT"] = (ConnectionStatusReason.CommunicationError, rig => rig.Hub.Lose(LossCause.Protocol)),
        ["a PUBACK is missing"] = (ConnectionStatusReason.CommunicationError, LeaveUnacknowledged),
        ["a PINGRESP is missing"] = (ConnectionStatusReason.NoPingResponse, LeavePingUnanswered),
        ["a SUBACK is missing"] = (ConnectionStatusReason.CommunicationError, LeaveSubscribeUnanswered),
        ["a filter is refused"] = (ConnectionStatusReason.CommunicationError, RefuseFilter),
        ["the token is due"] = (ConnectionStatusReason.ExpiredSasToken, rig => rig.Clock.Advance(TimeSpan.FromMinutes(48))),
        ["the keep-alive is changed"] = (ConnectionStatusReason.ExpiredSasToken, rig => rig.Client.SetOption("keepalive", 30)),
    };

    private static void LeaveUnacknowledged(ClientRig rig)
    {
        rig.Send("unacknowledged");
        rig.Client.DoWork();
        rig.Clock.Advance(TimeSpan.FromSeconds(120));
    }

    private static void LeavePingUnanswered(ClientRig rig)
    {
        rig.Advance(TimeSpan.FromSeconds(240));
        Assert.Equal(1, rig.Hub.Pings);
        rig.Clock.Advance(TimeSpan.FromSeconds(80));
    }

    private static void LeaveSubscribeUnanswered(ClientRig rig)
    {
        rig.Client.SetMessageCallback((_, _) => MessageDisposition.Accepted);
        rig.Client.DoWork();
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
    }

    private static void RefuseFilter(ClientRig rig)
    {
        rig.Client.SetMessageCallback((_, _) => MessageDisposition.Accepted);
        rig.Client.DoWork();
        rig.Hub.Grant(0x80);
    }
}
