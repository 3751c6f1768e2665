using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>A refused token under a wrong clock.</summary>
public sealed class ClockSkewTests : IDisposable
{
    private readonly ClientRig _rig = new();
    private readonly ScriptedChannel _https = new();

    public ClockSkewTests() => _rig.Session.Probe = new ClockProbe(() => _https, "contoso.azure-devices.net", 443, _rig.Clock);

    [Theory]
    [InlineData(3 * 3600, "0.03:00:00 behind")]
    [InlineData(-40 * 86400, "40.00:00:00 ahead of")]
    public void A_wrong_clock_is_told_apart_from_a_wrong_key(int skewSeconds, string expected)
    {
        Refuse();
        Assert.Null(_rig.Statuses[0].ClockSkew);
        Assert.Equal("GET contoso.azure-devices.net:443/", Assert.Single(_https.Lines));

        _https.AnswerAt(_rig.Clock.GetUtcNow().AddSeconds(skewSeconds));
        _rig.Client.DoWork();

        Assert.Equal(2, _rig.Statuses.Count);
        Assert.Equal(TimeSpan.FromSeconds(skewSeconds), _rig.Statuses[1].ClockSkew);
        Assert.Equal(ConnectionStatusReason.BadCredential, _rig.Statuses[1].Reason);
        Assert.Contains(expected, _rig.Statuses[1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(299)]
    [InlineData(-299)]
    public void A_clock_that_is_right_leaves_the_refusal_to_the_key(int skewSeconds)
    {
        Refuse();

        _https.AnswerAt(_rig.Clock.GetUtcNow().AddSeconds(skewSeconds));
        _rig.Client.DoWork();

        Assert.Single(_rig.Statuses);
    }

    [Fact]
    public void A_hub_whose_clock_cannot_be_asked_changes_nothing()
    {
        Refuse();

        _https.Answer(0);
        _rig.Client.DoWork();

        Assert.Single(_rig.Statuses);
        Assert.True(_https.IsDisposed);
    }

    [Fact]
    public void A_clock_that_was_set_after_a_refusal_leads_to_an_attempt_at_once()
    {
        Refuse();
        Assert.True(_rig.Client.DoWork().NextDue <= TimeSpan.FromSeconds(10));
        Assert.Single(_rig.Hub.Opened);

        _rig.Clock.AdjustTime(_rig.Clock.GetUtcNow().AddHours(3));
        _rig.Client.DoWork();

        Assert.Equal(2, _rig.Hub.Opened.Count);
    }

    [Fact]
    public void Time_that_merely_passes_sets_no_clock()
    {
        Refuse();

        _rig.Advance(TimeSpan.FromSeconds(8));

        Assert.Single(_rig.Hub.Opened);
    }

    public void Dispose() => _rig.Dispose();

    private void Refuse()
    {
        _rig.Client.DoWork();
        _rig.Hub.Refuse(5);
        _rig.Client.DoWork();
    }
}
