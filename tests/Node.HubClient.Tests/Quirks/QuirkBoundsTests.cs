using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>Quirks of the reference around what is counted and bounded: the send status, packet ids, queues.</summary>
public sealed class QuirkBoundsTests
{
    [Fact]
    public void Q30_the_send_status_counts_telemetry_alone()
    {
        using var rig = new ClientRig();
        rig.Client.SendReportedState("{}"u8);
        Assert.Equal(SendStatus.Idle, rig.SendStatus);

        rig.Send("a");
        Assert.Equal(SendStatus.Busy, rig.SendStatus);
        rig.Connect();
        Assert.Equal(SendStatus.Busy, rig.SendStatus);
        SendStatus within = SendStatus.Busy;
        rig.Client.SendEvent(new TelemetryMessage(default), (_, _) => within = rig.SendStatus);
        rig.Client.DoWork();
        rig.ConfirmFrom(0);

        Assert.Equal((SendStatus.Idle, SendStatus.Idle), (within, rig.SendStatus)); // the last callback already sees the end of it
        Assert.Single(rig.ReportedPatches());
    }

    [Theory, InlineData(1), InlineData(2)]
    public void Q31_no_packet_id_is_used_while_it_is_in_flight(int seed)
    {
        using var rig = new ClientRig(window: 700, maximumMessages: 2_000);
        rig.Connect();
        var random = new Random(seed);
        var inFlight = new HashSet<ushort>();
        int published = 0;
        while (published < 130_000) // more than twice round the ids
        {
            for (int message = random.Next(1, 700); message > 0; message--)
            {
                rig.Client.SendEvent(new TelemetryMessage(default));
            }

            rig.Client.DoWork();
            Assert.All(rig.Hub.Published, sent => Assert.True(sent.PacketId > 0 && inFlight.Add(sent.PacketId), $"seed {seed}: id {sent.PacketId} is in use"));
            published += rig.Hub.Published.Count;
            rig.Hub.Published.Clear();
            ushort[] acknowledged = [.. inFlight.Where(_ => random.Next(4) > 0)]; // the rest stays, here and there, for turns
            Array.ForEach(acknowledged, rig.Hub.Confirm);
            inFlight.ExceptWith(acknowledged);
            rig.Client.DoWork();
            Assert.All(rig.Hub.Published, sent => Assert.True(inFlight.Add(sent.PacketId), $"seed {seed}: id {sent.PacketId} is in use"));
            published += rig.Hub.Published.Count;
            rig.Hub.Published.Clear();
        }
    }

    [Fact]
    public void Q31_subscriptions_have_packet_ids_of_their_own()
    {
        using var rig = new ClientRig(maximumMessages: 70_000, maximumBytes: 1 << 26);
        rig.Connect();
        for (int round = 0; round < 5_000; round++) // more than once round the ids left for SUBSCRIBE and UNSUBSCRIBE
        {
            rig.Client.SetMessageCallback((_, _) => MessageDisposition.Accepted);
            rig.Client.DoWork();
            rig.Grant();
            rig.Client.SetMessageCallback(null);
        }

        Assert.All(rig.Hub.Subscribed, asked => Assert.InRange(asked.PacketId, 0xF000, 0xFFFF));
        Assert.Contains(rig.Hub.Subscribed, asked => asked.PacketId == 0xF000 && asked != rig.Hub.Subscribed[0]);
    }

    [Fact]
    public void Q32_queue_and_window_are_bounded_and_say_so()
    {
        using var rig = new ClientRig(window: 4, maximumMessages: 10);
        IotHubClientResult[] results = [.. Enumerable.Range(0, 12).Select(number => rig.Send($"{number}"))];
        rig.Connect();

        Assert.Equal([.. Enumerable.Repeat(IotHubClientResult.Ok, 10), IotHubClientResult.QueueFull, IotHubClientResult.QueueFull], results);
        Assert.Equal(4, rig.Hub.Published.Count);
        for (int acknowledged = 0; acknowledged < 10; acknowledged = rig.Confirmations.Count)
        {
            rig.ConfirmFrom(acknowledged);
        }

        Assert.Equal(Enumerable.Range(0, 10).Select(number => ($"{number}", SendConfirmation.Ok)), rig.Confirmations);
        Assert.Equal(IotHubClientResult.Ok, rig.Send("there is room again"));
    }

    [Fact]
    public void Q32_reported_patches_are_bounded_too()
    {
        using var rig = new ClientRig();
        for (int patch = 0; patch < 1_000; patch++)
        {
            Assert.Equal(IotHubClientResult.Ok, rig.Client.SendReportedState("{}"u8));
        }

        Assert.Equal(IotHubClientResult.QueueFull, rig.Client.SendReportedState("{}"u8));
    }
}
