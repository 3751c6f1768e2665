using Amqp;
using Amqp.Listener;
using HubEmulator.Events;

namespace HubEmulator.Amqp;

/// <summary>A link on which a service reads a partition. What is sent counts as settled, so a slow reader costs no more than what is on its way.</summary>
/// <param name="peer">The connection.</param>
/// <param name="link">The link.</param>
/// <param name="partition">What is read.</param>
/// <param name="begin">From which sequence number on.</param>
internal sealed class EventEndpoint(AmqpPeer peer, ListenerLink link, EventPartition partition, long begin) : SendingEndpoint(peer, link)
{
    private long _next = begin;

    protected override bool TryTake(out Message message)
    {
        StreamedEvent? next = partition.Read(_next);
        message = next is null ? null! : EventMessage.Write(next);
        _next = next is null ? _next : next.SequenceNumber + 1;
        return next is not null;
    }

    protected override void OnStart() => partition.Arrived += Wake;

    protected override void OnEnd() => partition.Arrived -= Wake;
}
