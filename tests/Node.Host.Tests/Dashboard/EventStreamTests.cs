using System.Text;
using Node.Host.Dashboard.Events;

namespace Node.Host.Tests.Dashboard;

public sealed class EventStreamTests
{
    [Fact]
    public void Every_listener_hears_every_event_in_order()
    {
        var events = new EventStream();
        EventClient one = events.TryJoin()!;
        EventClient other = events.TryJoin()!;

        events.Publish("state", """{"a":1}""");
        events.Publish("log", """{"b":2}""");

        foreach (EventClient client in (EventClient[])[one, other])
        {
            Assert.Equal("event: state\ndata: {\"a\":1}\n\n", Take(client));
            Assert.Equal("event: log\ndata: {\"b\":2}\n\n", Take(client));
            Assert.False(client.TryTake(out _));
        }
    }

    [Fact]
    public async Task A_listener_that_falls_behind_is_dropped_and_the_others_go_on()
    {
        var events = new EventStream();
        EventClient slow = events.TryJoin()!;
        EventClient quick = events.TryJoin()!;
        int heard = 0;

        for (int number = 0; number < 2 * EventClient.MostWaiting; number++)
        {
            events.Publish("state", "{}");
            heard += quick.TryTake(out _) ? 1 : 0;
        }

        Assert.Equal(2 * EventClient.MostWaiting, heard);
        Assert.Equal(1, events.Dropped);
        int kept = 0;
        while (slow.TryTake(out _))
        {
            kept++;
        }

        Assert.Equal(EventClient.MostWaiting, kept);
        Assert.False(await slow.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void No_more_than_the_bound_may_listen_and_whoever_leaves_makes_room()
    {
        var events = new EventStream();
        List<EventClient> clients = [.. Enumerable.Range(0, EventStream.MostClients).Select(_ => events.TryJoin()!)];

        Assert.Null(events.TryJoin());
        events.Leave(clients[3]);

        Assert.NotNull(events.TryJoin());
    }

    private static string Take(EventClient client) => client.TryTake(out byte[]? frame) ? Encoding.UTF8.GetString(frame) : "";
}
