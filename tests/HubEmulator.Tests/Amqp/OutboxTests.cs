using Amqp;
using Amqp.Framing;
using HubEmulator.Amqp;

namespace HubEmulator.Tests.Amqp;

public sealed class OutboxTests
{
    private const int Half = (int)(Outbox.MostBytes / 2);

    private readonly Outbox _outbox = new();
    private readonly List<ByteBuffer> _parked = [];

    [Fact]
    public void There_is_no_room_while_a_megabyte_waits()
    {
        int drained = 0;
        _outbox.Drained += () => drained++;

        long first = Send("a");
        Assert.True(_outbox.HasRoom);
        Send("b");
        Assert.False(_outbox.HasRoom);
        _outbox.Write(0);
        Assert.Equal(0, drained);
        _outbox.Write(first);

        Assert.True(_outbox.HasRoom);
        Assert.Equal(1, drained);
    }

    [Fact]
    public void What_a_closed_link_has_not_passed_on_no_longer_waits_but_the_rest_does()
    {
        Send("a");
        Send("a");
        Send("b");
        _parked[0].Complete(_parked[0].Length); // the library has passed it on

        _outbox.Forget("a");
        Assert.False(_outbox.HasRoom); // the first of a and the one of b
        _outbox.Forget("b");
        Assert.True(_outbox.HasRoom);
        Send("c");
        Assert.False(_outbox.HasRoom);
    }

    [Fact]
    public void What_a_closed_link_does_not_take_does_not_wait()
    {
        Assert.False(_outbox.TrySend("a", Message(), (_, _) => throw new AmqpException(ErrorCode.IllegalState, "closed")));
        Assert.False(_outbox.TrySend("a", Message(), (_, _) => throw new ObjectDisposedException("a")));

        Send("b");
        Assert.True(_outbox.HasRoom);
    }

    private static Message Message() => new() { BodySection = new Data { Binary = new byte[Half] } };

    private long Send(string link)
    {
        Assert.True(_outbox.TrySend(link, Message(), (_, bytes) => _parked.Add(bytes)));
        return _parked[^1].Length;
    }
}
