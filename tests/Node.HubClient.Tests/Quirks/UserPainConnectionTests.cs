using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>What users of the reference reported about connections and no other test here shows: docs/better-than-the-reference.md names the threads.</summary>
public sealed class UserPainConnectionTests
{
    private static readonly DeviceConfig Identity = new() { HostName = "contoso.azure-devices.net", DeviceId = "dev1" };

    [Fact]
    public void A_flapping_link_repeats_the_window_at_the_schedules_pace()
    {
        using var rig = new ClientRig(window: 10);
        for (int message = 0; message < 100; message++)
        {
            rig.Send($"{message}");
        }

        for (int quarter = 0; quarter < 4 * 600; quarter++) // ten minutes, a link that lasts a quarter of a second
        {
            rig.Client.DoWork();
            if (rig.Hub.IsOpen)
            {
                rig.Hub.Accept();
                rig.Client.DoWork();
                rig.Hub.Lose();
            }

            rig.Advance(TimeSpan.FromSeconds(0.25));
        }

        Assert.InRange(rig.Hub.Opened.Count, 15, 35);
        Assert.InRange(rig.Hub.Published.Count, 10, 10 * rig.Hub.Opened.Count);
        Assert.Equal(10, rig.PublishedPayloads.Distinct().Count());
    }

    [Fact]
    public void A_refusal_says_whether_the_same_credential_was_ever_accepted()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        rig.Hub.Refuse(5);
        rig.Client.DoWork();
        string never = rig.Statuses[^1].Detail;
        rig.Advance(TimeSpan.FromHours(1));
        rig.Hub.Accept();
        rig.Client.DoWork();
        rig.Hub.Lose();
        rig.Client.DoWork();
        while (!rig.Hub.IsOpen)
        {
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        rig.Hub.Refuse(5);
        rig.Client.DoWork();

        Assert.Contains("check that the device exists and is enabled", never, StringComparison.Ordinal);
        Assert.Contains("accepted before", rig.Statuses[^1].Detail, StringComparison.Ordinal);
        rig.Client.SetCredential(Identity with { SharedAccessKey = "QUJD" });
        rig.Client.DoWork();
        rig.Hub.Refuse(5);
        rig.Client.DoWork();
        Assert.DoesNotContain("accepted before", rig.Statuses[^1].Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_identity_is_told_once_for_each_attempt_and_tried_ever_more_rarely()
    {
        using var rig = new ClientRig();
        for (int minute = 0; minute < 24 * 60; minute++)
        {
            rig.Hub.Refuse(5);
            rig.Advance(TimeSpan.FromMinutes(1));
            rig.Client.DoWork();
        }

        Assert.InRange(rig.Hub.Opened.Count, 90, 115); // a day
        Assert.All(rig.Statuses, change => Assert.Equal((ConnectionStatusReason.BadCredential, 5), (change.Reason, change.RawCode)));
        Assert.InRange(rig.Hub.Opened.Count - rig.Statuses.Count, 0, 1);
    }

    [Fact]
    public void Two_clients_of_one_identity_evict_each_other_at_the_schedules_pace()
    {
        using var one = new ClientRig();
        using var other = new ClientRig();
        for (int turn = 0; turn < 10 * 1_800; turn++) // half an hour
        {
            TakeOver(one, from: other);
            TakeOver(other, from: one);
        }

        Assert.InRange(one.Hub.Opened.Count + other.Hub.Opened.Count, 40, 250);
        Assert.All(one.Statuses.Skip(1).Where(change => change.Status is ConnectionStatus.Unauthenticated), change => Assert.Equal(ConnectionStatusReason.NoNetwork, change.Reason));
    }

    [Fact]
    public void The_end_of_the_retry_limit_is_told_when_it_comes()
    {
        using var rig = new ClientRig();
        rig.Client.SetOption("retry_interval_sec", 1_000);
        rig.Client.SetRetryPolicy(RetryPolicy.Interval, TimeSpan.FromSeconds(10));
        rig.Connect();
        rig.Hub.Lose();
        rig.Client.DoWork();
        rig.Hub.Lose(); // The attempt that came at once failed; the next one is due long after the limit.

        Assert.Equal(TimeSpan.FromSeconds(10), rig.Client.DoWork().NextDue);
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ConnectionStatusReason.RetryExpired, rig.Statuses[^1].Reason);
        Assert.Equal(Timeout.InfiniteTimeSpan, rig.Client.DoWork().NextDue);
    }

    [Fact]
    public void A_new_credential_revives_a_client_that_had_given_up()
    {
        using var rig = new ClientRig();
        rig.Client.SetRetryPolicy(RetryPolicy.Interval, TimeSpan.FromSeconds(10));
        rig.Client.DoWork();
        rig.Hub.Refuse(5);
        rig.Client.DoWork();
        rig.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(ConnectionStatusReason.RetryExpired, rig.Statuses[^1].Reason);

        rig.Client.SetCredential(Identity with { SharedAccessKey = "QUJD" });
        rig.Client.DoWork();

        Assert.True(rig.Hub.IsOpen);
    }

    [Fact]
    public void While_a_client_waits_to_retry_its_status_names_the_moment()
    {
        using var rig = new ClientRig();
        rig.Client.DoWork();
        for (int loss = 0; loss < 6; loss++)
        {
            rig.WaitForAttempt();
            rig.Hub.Lose();
            rig.Client.DoWork();
        }

        WorkStatus waiting = rig.Client.DoWork();
        Assert.True(waiting.IsIdle);
        Assert.Equal(rig.Statuses[^1].RetryIn, waiting.NextDue);
        int attempts = rig.Hub.Opened.Count;
        rig.Advance(waiting.NextDue - TimeSpan.FromMilliseconds(1));
        Assert.Equal(attempts, rig.Hub.Opened.Count);
        rig.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(attempts + 1, rig.Hub.Opened.Count);
    }

    [Fact]
    public void The_present_credential_given_again_reconnects_and_keeps_the_queue()
    {
        using var rig = new ClientRig();
        rig.Client.SetCredential(Identity with { SharedAccessKey = "QUJD" });
        rig.Connect();
        rig.Hub.FreeBytes = 0;
        rig.Send("queued");
        rig.Client.DoWork();

        rig.Client.SetCredential(Identity with { SharedAccessKey = "QUJD" });
        rig.Client.DoWork();
        rig.Client.DoWork();
        rig.Hub.FreeBytes = 1 << 20;
        rig.Hub.Accept();
        rig.Client.DoWork();

        Assert.Equal(2, rig.Hub.Opened.Count);
        Assert.Equal(["queued"], rig.PublishedPayloads);
    }

    [Fact]
    public void A_certificate_is_never_renewed_by_the_clock()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using X509Certificate2 certificate = new CertificateRequest("CN=dev1", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        using var rig = new ClientRig(keepAliveSeconds: 0);
        rig.Client.SetCredential(Identity with { Certificate = certificate });
        rig.Connect();

        WorkStatus status = rig.Advance(TimeSpan.FromDays(3));

        Assert.Single(rig.Hub.Opened);
        Assert.Equal(Timeout.InfiniteTimeSpan, status.NextDue);
    }

    private static void TakeOver(ClientRig rig, ClientRig from)
    {
        int opened = rig.Hub.Opened.Count;
        rig.Advance(TimeSpan.FromSeconds(0.1));
        if (rig.Hub.Opened.Count > opened)
        {
            rig.Hub.Accept();
            from.Hub.Lose();
        }
    }
}
