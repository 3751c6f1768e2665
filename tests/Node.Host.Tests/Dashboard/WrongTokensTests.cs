using System.Net;
using Microsoft.Extensions.Time.Testing;
using Node.Host.Dashboard;

namespace Node.Host.Tests.Dashboard;

public sealed class WrongTokensTests
{
    private static readonly IPAddress Guesser = IPAddress.Parse("192.168.1.66");

    private readonly FakeTimeProvider _time = new();
    private readonly WrongTokens _wrong;

    public WrongTokensTests() => _wrong = new WrongTokens(_time);

    [Fact]
    public void After_ten_wrong_tokens_an_address_waits_until_its_minute_is_over_and_no_other_does()
    {
        for (int guess = 0; guess < WrongTokens.Allowed; guess++)
        {
            Assert.Null(_wrong.WaitOf(Guesser));
            _wrong.Note(Guesser);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(TimeSpan.FromSeconds(50), _wrong.WaitOf(Guesser));
        Assert.Equal(TimeSpan.FromSeconds(50), _wrong.WaitOf(Guesser.MapToIPv6()));
        Assert.Null(_wrong.WaitOf(IPAddress.Loopback));

        _time.Advance(TimeSpan.FromSeconds(50));

        Assert.Null(_wrong.WaitOf(Guesser));
    }

    [Fact]
    public void A_network_of_its_own_does_not_help_a_guesser()
    {
        for (int guess = 0; guess < WrongTokens.Allowed; guess++)
        {
            _wrong.Note(IPAddress.Parse($"2001:db8:1:2::{guess:x}"));
        }

        Assert.NotNull(_wrong.WaitOf(IPAddress.Parse("2001:db8:1:2:ffff::1")));
    }

    [Fact]
    public void Beyond_256_addresses_the_others_count_as_one()
    {
        for (int address = 0; address < 256; address++)
        {
            _wrong.Note(new IPAddress([10, 0, 0, (byte)address]));
        }

        for (int address = 0; address < WrongTokens.Allowed; address++)
        {
            _wrong.Note(new IPAddress([10, 0, 1, (byte)address]));
        }

        Assert.NotNull(_wrong.WaitOf(new IPAddress([10, 0, 2, 1])));
        Assert.Null(_wrong.WaitOf(new IPAddress([10, 0, 0, 1])));
    }
}
