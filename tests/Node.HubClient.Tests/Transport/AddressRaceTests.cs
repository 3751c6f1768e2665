using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>Several addresses of one name, dialled side by side.</summary>
public sealed class AddressRaceTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _clock = new();

    [Theory]
    [InlineData("1.1.1.1 ::1 2.2.2.2 ::2", "1.1.1.1 ::1 2.2.2.2 ::2")]
    [InlineData("::1 ::2 ::3 1.1.1.1", "::1 1.1.1.1 ::2 ::3")]
    [InlineData("1.1.1.1 2.2.2.2 ::1", "1.1.1.1 ::1 2.2.2.2")]
    [InlineData("::1", "::1")]
    [InlineData("", "")]
    public void The_families_take_turns_and_the_resolvers_first_one_is_first(string resolved, string dialled)
    {
        IPAddress[] addresses = [.. resolved.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IPAddress.Parse)];

        Assert.Equal(dialled, string.Join(' ', AddressRace.InTurn(addresses)));
    }

    [Fact]
    public void A_refused_address_gives_way_to_the_next_at_once()
    {
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        using var race = new AddressRace([IPAddress.Loopback, IPAddress.IPv6Loopback], ((IPEndPoint)listener.LocalEndpoint).Port, default, _clock);

        using Socket socket = Win(race);

        Assert.Equal(IPAddress.IPv6Loopback, ((IPEndPoint)socket.RemoteEndPoint!).Address);
        Assert.Contains("refused", race.Failure, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_silent_address_gives_way_after_a_quarter_of_a_second()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var silent = IPAddress.Parse("192.0.2.1"); // Set aside for documentation (RFC 5737): nobody answers there.
        using var race = new AddressRace([silent, IPAddress.Loopback], ((IPEndPoint)listener.LocalEndpoint).Port, default, _clock);
        race.Poll();
        _clock.Advance(TimeSpan.FromMilliseconds(250));

        using Socket socket = Win(race);

        Assert.Equal(IPAddress.Loopback, ((IPEndPoint)socket.RemoteEndPoint!).Address);
    }

    [Fact]
    public void A_race_without_an_answer_is_lost_and_says_why()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        int port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        using var race = new AddressRace([IPAddress.Loopback], port, default, _clock);

        Until(() => race.Poll() is null && race.IsLost);

        Assert.StartsWith($"127.0.0.1:{port}: ", race.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interface_that_is_not_there_is_a_failure_and_no_exception()
    {
        using var race = new AddressRace([IPAddress.Loopback], 1, new SocketOptions { InterfaceName = "no-such-interface" }, _clock);

        Assert.Null(race.Poll());

        Assert.True(race.IsLost);
        Assert.Contains("no-such-interface", race.Failure, StringComparison.Ordinal);
    }

    private static Socket Win(AddressRace race)
    {
        Socket? won = null;
        Until(() => (won = race.Poll()) is not null);
        return won!;
    }

    private static void Until(Func<bool> done)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!done())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }
}
