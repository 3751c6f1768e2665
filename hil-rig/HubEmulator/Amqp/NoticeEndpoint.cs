using System.Collections.Concurrent;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using HubEmulator.Notices;

namespace HubEmulator.Amqp;

/// <summary>
/// A link on which a service takes notices: accepted or rejected ends one, released gives it back. What it has not settled when it goes comes again.
/// </summary>
/// <param name="peer">The connection.</param>
/// <param name="link">The link.</param>
/// <param name="queue">Where the notices wait.</param>
/// <param name="contentType">What the service writes as the type of the body.</param>
/// <param name="userId">What it writes as the sender.</param>
internal sealed class NoticeEndpoint(AmqpPeer peer, ListenerLink link, NoticeQueue queue, string contentType, string userId) : SendingEndpoint(peer, link)
{
    /// <summary>Notices that a receiver may have unsettled, whatever credit it grants.</summary>
    private const int MostUnsettled = 100;

    private readonly ConcurrentDictionary<Message, Guid> _unsettled = new();

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        Message message = dispositionContext.Message;
        DeliveryState state = dispositionContext.DeliveryState;
        if (_unsettled.TryRemove(message, out Guid token))
        {
            Settle(token, state);
            Link.DisposeMessage(message, state, settled: true); // nothing goes out when the receiver has settled it
            Wake();
        }
    }

    protected override bool TryTake(out Message message)
    {
        message = null!;
        if (_unsettled.Count >= MostUnsettled || queue.TryLock() is not { } taken)
        {
            return false;
        }

        message = Write(taken);
        if (Link.SettleOnSend)
        {
            queue.Complete(taken.Token);
        }
        else
        {
            _unsettled[message] = taken.Token;
        }

        return true;
    }

    protected override void PutBack(Message message)
    {
        if (_unsettled.TryRemove(message, out Guid token))
        {
            queue.Abandon(token);
        }
    }

    protected override void OnStart() => queue.Available += Wake;

    protected override void OnEnd()
    {
        queue.Available -= Wake;
        foreach (Message message in _unsettled.Keys)
        {
            PutBack(message);
        }
    }

    private void Settle(Guid token, DeliveryState? state)
    {
        if (state is Released or Modified)
        {
            queue.Abandon(token);
        }
        else
        {
            queue.Complete(token);
        }
    }

    /// <summary>The C# SDK wants the annotation.</summary>
    private Message Write(NoticeLock taken) => new()
    {
        MessageAnnotations = new MessageAnnotations { [new Symbol("iothub-enqueuedtime")] = taken.Notice.EnqueuedTime.UtcDateTime },
        Header = new Header { DeliveryCount = (uint)taken.EarlierDeliveries },
        Properties = new Properties
        {
            MessageId = taken.Notice.Id,
            UserId = Encoding.UTF8.GetBytes(userId),
            ContentType = contentType,
            ContentEncoding = "utf-8",
            CreationTime = taken.Notice.EnqueuedTime.UtcDateTime,
        },
        BodySection = new Data { Binary = Encoding.UTF8.GetBytes(taken.Notice.Body) },
    };
}
