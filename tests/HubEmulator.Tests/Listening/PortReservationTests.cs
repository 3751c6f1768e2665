using System.Net;
using System.Net.Sockets;
using HubEmulator.Listening;

namespace HubEmulator.Tests.Listening;

/// <summary>Ports that are held, and two hubs that want the same.</summary>
public sealed class PortReservationTests
{
    [Fact]
    public void Of_two_that_hold_a_port_the_second_to_listen_hears_that_it_is_in_use()
    {
        using PortReservation first = PortReservation.Take(IPAddress.Loopback, 0, "first");

        LocalHubException refused = Assert.Throws<LocalHubException>(() =>
        {
            using PortReservation second = PortReservation.Take(IPAddress.Loopback, first.Port, "second"); // some systems refuse here already
            using Socket listening = first.HandOver(first.EndPoints[0]);
            second.HandOver(second.EndPoints[0]).Dispose();
        });

        Assert.Equal((LocalHubFault.PortInUse, first.Port), (refused.Fault, refused.Port));
        Assert.Contains("second", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_held_port_refuses_who_dials_until_it_is_handed_over()
    {
        using PortReservation held = PortReservation.Take(IPAddress.Loopback, 0, "test");
        IPEndPoint place = held.EndPoints[0];
        using var early = new TcpClient(place.AddressFamily);
        using var late = new TcpClient(place.AddressFamily);

        await Assert.ThrowsAsync<SocketException>(() => early.ConnectAsync(place, TestContext.Current.CancellationToken).AsTask());
        using Socket listening = held.HandOver(place);
        await late.ConnectAsync(place, TestContext.Current.CancellationToken);

        Assert.True(late.Connected);
    }
}
