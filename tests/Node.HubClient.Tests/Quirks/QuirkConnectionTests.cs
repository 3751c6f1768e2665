using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around connections: silent losses, refusals, subscriptions.</summary>
public sealed class QuirkConnectionTests
{
    public static TheoryData<string> AllLosses => [.. ConnectionLosses.All.Keys];

    [Fact]
    public void Q15_a_refused_filter_is_reported_by_name_and_asked_for_again()
    {
        using var rig = new ClientRig();
        rig.KeepTwin();
        rig.Client.DoWork();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Hub.Grant(0, 0x80);
        rig.Client.DoWork();
        ConnectionStatusChange told = Assert.Single(rig.Statuses);
        Assert.Equal((ConnectionStatus.Unauthenticated, ConnectionStatusReason.CommunicationError), (told.Status, told.Reason));
        Assert.Contains("$iothub/twin/PATCH/properties/desired/#", told.Detail, StringComparison.Ordinal);

        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Grant();

        Assert.Equal(rig.Hub.Subscribed[0].Filters, rig.Hub.Subscribed[1].Filters);
        Assert.Equal(ConnectionStatus.Authenticated, rig.Statuses[^1].Status);
    }

    [Theory, MemberData(nameof(AllLosses))]
    public void Q16_every_loss_of_a_connection_is_told_once(string loss)
    {
        using ClientRig rig = Connected();
        int before = rig.Statuses.Count;

        ConnectionLosses.All[loss].Lose(rig);
        rig.Client.DoWork();

        ConnectionStatusChange told = Assert.Single(rig.Statuses.Skip(before));
        Assert.Equal((ConnectionStatus.Unauthenticated, ConnectionLosses.All[loss].Reason), (told.Status, told.Reason));
        Assert.NotEmpty(told.Detail);
        Assert.NotNull(told.RetryIn);
    }

    [Fact]
    public void Q16_an_attempt_that_ends_without_a_connack_is_told_too()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal((ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork), (rig.Statuses[0].Status, rig.Statuses[0].Reason));
    }

    [Theory]
    [InlineData(1, ConnectionStatusReason.CommunicationError)]
    [InlineData(2, ConnectionStatusReason.BadCredential)]
    [InlineData(4, ConnectionStatusReason.BadCredential)]
    public void Q17_a_refusal_that_ended_the_reference_is_told_and_retried_and_a_new_policy_revives(int code, ConnectionStatusReason reason)
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        rig.Hub.Refuse(code);
        rig.Client.DoWork();
        ConnectionStatusChange told = Assert.Single(rig.Statuses);
        Assert.Equal((ConnectionStatus.Unauthenticated, reason, code), (told.Status, told.Reason, told.RawCode));
        rig.WaitForAttempt();

        rig.Client.SetRetryPolicy(RetryPolicy.None, TimeSpan.Zero);
        rig.Hub.Refuse(code);
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromDays(1));
        Assert.Equal(2, rig.Hub.Opened.Count);
        Assert.Equal(ConnectionStatusReason.RetryExpired, rig.Statuses[^1].Reason);
        rig.Client.SetRetryPolicy(RetryPolicy.Interval, TimeSpan.Zero);
        rig.Client.DoWork();

        Assert.Equal(3, rig.Hub.Opened.Count);
    }

    [Theory, MemberData(nameof(AllLosses))]
    public void Q26_after_every_kind_of_loss_all_filters_are_asked_for_and_the_twin_is_fetched(string loss)
    {
        using ClientRig rig = Connected();
        ConnectionLosses.All[loss].Lose(rig);
        rig.Client.DoWork();
        int asked = rig.Hub.Subscribed.Count;
        int gets = rig.TwinGets();

        rig.WaitForAttempt();
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Grant();

        Assert.Equal(asked + 1, rig.Hub.Subscribed.Count);
        string[] wanted = ["$iothub/twin/res/#", "$iothub/twin/PATCH/properties/desired/#", "$iothub/methods/POST/#"];
        Assert.Equal(wanted, rig.Hub.Subscribed[^1].Filters.Where(filter => filter[0] == '$'));
        Assert.Equal(gets + 1, rig.TwinGets());
    }

    /// <summary>Connected with twin and methods, the first snapshot taken.</summary>
    private static ClientRig Connected()
    {
        var rig = new ClientRig();
        rig.KeepTwin();
        rig.Client.SetDeviceMethodCallback((_, _) => new MethodResponse(200, default));
        rig.Connect();
        rig.AnswerGet(200, HubSide.Twin(1));
        return rig;
    }
}
