using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>The rate when the hub acknowledges slowly.</summary>
public sealed class PaceTests
{
    [Fact]
    public void Slow_acknowledgements_halve_what_is_in_flight_once_for_each_round()
    {
        using ClientRig rig = Loaded();
        Assert.Equal(16, rig.Hub.Published.Count);

        Round(rig, TimeSpan.FromSeconds(5));
        Assert.Equal(8, rig.Client.SendWindow);
        Round(rig, TimeSpan.FromSeconds(5));
        Round(rig, TimeSpan.FromSeconds(5));
        Round(rig, TimeSpan.FromSeconds(5));
        Assert.Equal(1, rig.Client.SendWindow);
        Round(rig, TimeSpan.FromSeconds(5));

        Assert.Equal(1, rig.Client.SendWindow);
        Assert.Single(rig.Hub.Published);
    }

    [Fact]
    public void Quick_acknowledgements_let_it_grow_back_to_the_window()
    {
        using ClientRig rig = Loaded();
        Round(rig, TimeSpan.FromSeconds(5));
        var seen = new List<int>();

        for (int round = 0; round < 12; round++)
        {
            Round(rig, TimeSpan.FromMilliseconds(100));
            seen.Add(rig.Client.SendWindow);
        }

        Assert.Equal([9, 10, 11, 12, 13, 14, 15, 16, 16, 16, 16, 16], seen);
    }

    [Fact]
    public void Nothing_is_refused_dropped_or_repeated_meanwhile()
    {
        using ClientRig rig = Loaded();
        int published = 0;

        for (int round = 0; round < 100 && rig.SendStatus is SendStatus.Busy; round++)
        {
            published += rig.Hub.Published.Count;
            Assert.DoesNotContain(rig.Hub.Published, sent => sent.Duplicate);
            Round(rig, TimeSpan.FromSeconds(round % 7));
        }

        Assert.Equal(200, published);
        Assert.Equal(200, rig.Confirmations.Count(confirmed => confirmed.Result is SendConfirmation.Ok));
        Assert.Equal(Enumerable.Range(0, 200).Select(number => $"{number}"), rig.Confirmations.Select(confirmed => confirmed.Name));
    }

    [Fact]
    public void A_slow_loop_is_no_slow_hub()
    {
        using ClientRig rig = Loaded();

        for (int round = 0; round < 5; round++)
        {
            Round(rig, TimeSpan.FromSeconds(10), turnsMeanwhile: 0); // Acknowledged at once; only nobody looked.
        }

        Assert.Equal(16, rig.Client.SendWindow);
    }

    private static ClientRig Loaded()
    {
        var rig = new ClientRig(window: 16);
        rig.Connect();
        for (int message = 0; message < 200; message++)
        {
            rig.Send($"{message}");
        }

        rig.Client.DoWork();
        return rig;
    }

    /// <summary>Acknowledges everything that is in flight after a time; what follows is in <c>Published</c>.</summary>
    private static void Round(ClientRig rig, TimeSpan latency, int turnsMeanwhile = 10)
    {
        for (int turn = 0; turn < turnsMeanwhile; turn++)
        {
            rig.Advance(latency / (turnsMeanwhile + 1));
        }

        rig.Clock.Advance(latency / (turnsMeanwhile + 1));
        ushort[] ids = [.. rig.Hub.Published.Select(sent => sent.PacketId)];
        rig.Hub.Published.Clear();
        foreach (ushort id in ids)
        {
            rig.Hub.Confirm(id);
        }

        rig.Client.DoWork();
    }
}
