using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>A link on which a client takes the answers to its requests.</summary>
/// <param name="peer">The connection.</param>
/// <param name="link">The link.</param>
/// <param name="node">The node that answers, such as <c>$cbs</c>.</param>
/// <param name="address">The address that the client has given its end; clients name it in <c>reply-to</c>, or the link, or nothing that exists.</param>
internal sealed class ReplyEndpoint(AmqpPeer peer, ListenerLink link, string node, string? address) : SendingEndpoint(peer, link)
{
    private const int MostWaiting = 100;

    private readonly ConcurrentQueue<Message> _waiting = new();

    /// <summary>Answers a request on the link that its <c>reply-to</c> means, or else on any that the client has for the node.</summary>
    public static void Answer(AmqpPeer peer, string node, Properties? request, Message answer)
    {
        ReplyEndpoint[] possible = [.. peer.Replies.Where(one => one.Serves(node))];
        ReplyEndpoint? chosen = Array.Find(possible, one => one.IsCalled(request?.ReplyTo)) ?? possible.FirstOrDefault();
        answer.Properties = new Properties();
        answer.Properties.SetCorrelationId(request?.GetMessageId());
        chosen?.Enqueue(answer); // without a link nobody waits for the answer
    }

    protected override bool TryTake(out Message message) => _waiting.TryDequeue(out message!);

    private bool Serves(string wanted) => node == wanted;

    private bool IsCalled(string? replyTo) => replyTo is not null && (replyTo == Link.Name || replyTo == address);

    private void Enqueue(Message answer)
    {
        if (_waiting.Count >= MostWaiting)
        {
            Peer.Close(ErrorCode.ResourceLimitExceeded, $"{MostWaiting} answers wait to be taken.");
            return;
        }

        _waiting.Enqueue(answer);
        Wake();
    }
}
