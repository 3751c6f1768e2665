using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests;

/// <summary>A turn costs the same with ten thousand messages as with none, counted in operations: no time is measured.</summary>
public sealed class FlatTurnTests
{
    private const int Many = 10_000;

    [Fact]
    public void Unacknowledged_messages_are_not_walked()
    {
        using var rig = new ClientRig(window: Many, maximumMessages: 2 * Many, maximumBytes: 64 << 20);
        rig.Connect();
        Counted one = Loaded(rig, 1);
        Counted many = Loaded(rig, Many - 1);

        Assert.Equal(Many, rig.Hub.Published.Count);
        Assert.Equal(one, many);
    }

    [Fact]
    public void Waiting_messages_are_not_walked()
    {
        using var rig = new ClientRig(maximumMessages: 2 * Many, maximumBytes: 64 << 20);
        rig.Client.DoWork(); // Connecting: no CONNACK comes.
        Counted one = Loaded(rig, 1);
        Counted many = Loaded(rig, Many - 1);

        Assert.Empty(rig.Hub.Published);
        Assert.Equal(one, many);
    }

    private static Counted Loaded(ClientRig rig, int messages)
    {
        for (int message = 0; message < messages; message++)
        {
            rig.Send("m");
        }

        rig.Client.DoWork();
        rig.Client.DoWork();
        rig.Hub.Asked = 0;
        long asked = rig.Clock.Asked;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        rig.Client.DoWork();
        return new Counted(rig.Hub.Asked, rig.Clock.Asked - asked, GC.GetAllocatedBytesForCurrentThread() - bytes);
    }

    /// <summary>What one turn did.</summary>
    /// <param name="Transport">Questions and commands to the transport.</param>
    /// <param name="Clock">Looks at the clock, each difference of two instants included.</param>
    /// <param name="Bytes">Allocated.</param>
    private sealed record Counted(long Transport, long Clock, long Bytes);
}
