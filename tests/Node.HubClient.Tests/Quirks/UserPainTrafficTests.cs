using System.Runtime.CompilerServices;
using Microsoft.Extensions.Time.Testing;
using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>What users of the reference reported about traffic and no other test here shows: docs/better-than-the-reference.md names the threads.</summary>
public sealed class UserPainTrafficTests
{
    [Fact]
    public void A_burst_on_a_slow_hub_times_nothing_out()
    {
        using var rig = new ClientRig(maximumMessages: 1_000);
        rig.Connect();
        for (int message = 0; message < 1_000; message++)
        {
            rig.Send($"{message}");
        }

        var unacknowledged = new Queue<ushort>();
        for (int seen = 0; rig.Confirmations.Count < 1_000;)
        {
            rig.Advance(TimeSpan.FromSeconds(1));
            foreach (ScriptedTransport.SentPublish sent in rig.Hub.Published.Skip(seen).Where(sent => !sent.Duplicate))
            {
                unacknowledged.Enqueue(sent.PacketId);
            }

            seen = rig.Hub.Published.Count;
            for (int pair = 0; pair < 2 && unacknowledged.TryDequeue(out ushort id); pair++)
            {
                rig.Hub.Confirm(id); // Two a second: the last one is acknowledged after more than eight minutes.
            }
        }

        Assert.All(rig.Confirmations, ended => Assert.Equal(SendConfirmation.Ok, ended.Result));
        Assert.Single(rig.Hub.Opened);
    }

    [Fact]
    public void A_waiting_time_out_runs_while_disconnected_and_in_flight_age_does_not()
    {
        using var rig = new ClientRig(window: 1);
        rig.Client.SetOption("messageTimeout", 60_000);
        rig.Send("in flight");
        rig.Connect();
        rig.Send("waiting");
        rig.Hub.Lose();
        rig.Client.DoWork();

        rig.Advance(TimeSpan.FromSeconds(60));
        Assert.Empty(rig.Confirmations);
        rig.Advance(TimeSpan.FromHours(1));

        Assert.Equal([("waiting", SendConfirmation.MessageTimeout)], rig.Confirmations);
    }

    [Fact]
    public void A_twin_callback_set_after_a_first_report_gets_the_whole_twin()
    {
        using var rig = new ClientRig();
        rig.Client.SendReportedState("{}"u8);
        rig.Connect();
        rig.AnswerReported(0, 204);

        List<(TwinUpdateState State, string Json)> updates = rig.KeepTwin();
        rig.Client.DoWork();
        rig.Grant();
        rig.AnswerGet(200, HubSide.Twin(3));
        rig.Push(4);

        Assert.Equal([TwinUpdateState.Complete, TwinUpdateState.Partial], updates.Select(update => update.State));
    }

    [Fact]
    public async Task A_dead_link_is_noticed_although_reports_keep_going_out()
    {
        await using var hub = new LoopbackHub("hub.localhost");
        var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        using IotHubClientLL client = LoopbackClient.Create(hub, new HubClientOptions { TimeProvider = clock });
        var changes = new List<ConnectionStatusChange>();
        int unanswered = 0;
        client.SetConnectionStatusCallback((change, _) => changes.Add(change));
        client.SendReportedState("{}"u8, (_, _) => unanswered++);
        LoopbackClient.Work(client, () => hub.Received == 1);
        hub.Silent = true; // The link takes whatever is sent, and nothing comes back any more.
        for (int minute = 0; minute < 10 && changes.Count == 1; minute++)
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            client.SendReportedState("{}"u8, (_, _) => unanswered++);
            client.DoWork();
        }

        Assert.Equal(ConnectionStatusReason.NoPingResponse, changes[^1].Reason);
        Assert.InRange(unanswered, 0, 2); // No flood of 408: what is in flight goes out again on the next connection.
    }

    [Fact]
    public void A_method_call_that_is_never_answered_is_not_kept()
    {
        using var rig = new ClientRig();
        WeakReference call = TakeCallAndForget(rig);

        GC.Collect();

        Assert.False(call.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference TakeCallAndForget(ClientRig rig)
    {
        WeakReference? taken = null;
        rig.Client.SetDeviceMethodCallbackEx((request, _) => taken = new WeakReference(request));
        rig.Connect();
        rig.Call("slow", "1");
        return taken!;
    }
}
