using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around what a call may do: nothing waits, and the end completes what is pending and runs nothing else.</summary>
public sealed class QuirkTurnTests
{
    [Fact]
    public void Q05_a_peer_that_never_answers_the_handshake_holds_up_no_turn()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // The kernel completes the TCP handshake; nobody reads what comes.
        silent.Start();
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using IotHubClientLL client = LoopbackClient.Create(((IPEndPoint)silent.LocalEndpoint).Port, new HubClientOptions { TimeProvider = clock });
        var statuses = new List<ConnectionStatusChange>();
        client.SetConnectionStatusCallback((change, _) => statuses.Add(change));

        for (int turn = 0; turn < 1_000; turn++)
        {
            Assert.True(client.DoWork().AwaitingAnswers); // A turn that waited for the peer would never come back.
        }

        Assert.Empty(statuses);
        clock.Advance(TimeSpan.FromSeconds(30));
        client.DoWork();

        Assert.Equal(ConnectionStatusReason.NoNetwork, Assert.Single(statuses).Reason);
    }

    [Fact]
    public async Task Q05_dispose_waits_for_no_peer()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        using IotHubClientLL client = LoopbackClient.Create(hub);
        bool connected = false;
        client.SetConnectionStatusCallback((_, _) => connected = true);
        LoopbackClient.Work(client, () => connected);
        hub.Silent = true;
        int destroyed = 0;
        for (int message = 0; message < 1_000; message++)
        {
            client.SendEvent(new TelemetryMessage(new byte[1_000]), (result, _) => destroyed += result is SendConfirmation.BecauseDestroy ? 1 : 0);
        }

        client.DoWork();
        client.Dispose(); // The hub never answers: one that waited for it would never come back.

        Assert.Equal(1_000, destroyed);
    }

    [Fact]
    public void Q05_setting_an_option_closes_nothing_before_the_next_turn()
    {
        using var rig = new ClientRig();
        rig.Connect();

        rig.Client.SetOption("keepalive", 30);
        Assert.True(rig.Hub.IsOpen);
        rig.Client.DoWork();

        Assert.Equal(1, rig.Hub.PoliteCloses);
    }

    [Fact]
    public void Q38_dispose_runs_nothing_but_completions_and_each_of_them_once()
    {
        using var rig = new ClientRig();
        var ran = new List<string>();
        rig.Client.SetMessageCallback((_, _) =>
        {
            ran.Add("message");
            return MessageDisposition.Accepted;
        });
        rig.Client.SetDeviceMethodCallback((_, _) =>
        {
            ran.Add("method");
            return new MethodResponse(200, default);
        });
        rig.Client.SetDeviceTwinCallback((_, _, _) => ran.Add("twin"));
        rig.Connect();
        rig.AnswerGet(200, HubSide.Twin(1));
        ran.Clear();
        rig.Client.SetConnectionStatusCallback((_, _) => ran.Add("status"));
        rig.Client.SendReportedState("{}"u8, (status, _) => ran.Add($"reported {status}"));
        rig.Client.SendEvent(new TelemetryMessage(default), (result, _) => ran.Add($"telemetry {result}"));
        rig.Client.DoWork();
        rig.Hub.Confirm(rig.Hub.Published[^1].PacketId); // All of this has arrived and would run in the next turn.
        rig.Hub.Arrive(HubSide.DevicePrefix, "x", 1);
        rig.Hub.Arrive("$iothub/methods/POST/m/?$rid=1", "{}");
        rig.Hub.Arrive("$iothub/twin/PATCH/properties/desired/?$version=2", "{}");
        rig.Hub.Lose();

        rig.Client.Dispose();
        rig.Client.Dispose();

        Assert.Equal(["telemetry BecauseDestroy", "reported 408"], ran);
        Assert.Empty(rig.Hub.Acknowledged);
    }

    [Fact]
    public void Q38_what_a_completion_sends_during_dispose_is_refused_or_completed()
    {
        var rig = new ClientRig();
        var ran = new List<string>();
        var results = new List<IotHubClientResult>();
        rig.Client.SendEvent(new TelemetryMessage(default), (_, _) =>
        {
            results.Add(rig.Client.SendEvent(new TelemetryMessage(default), (result, _) => ran.Add($"telemetry {result}")));
            results.Add(rig.Client.SendReportedState("{}"u8, (status, _) => ran.Add($"reported {status}")));
        });

        rig.Client.Dispose();

        Assert.Equal(IotHubClientResult.Error, results[0]);
        Assert.Equal(results[1] is IotHubClientResult.Ok ? ["reported 0"] : [], ran); // Exactly once if it was taken, and never otherwise.
    }
}
