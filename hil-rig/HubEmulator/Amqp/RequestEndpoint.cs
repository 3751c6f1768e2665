using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>A link on which a client sends requests to a node that answers each.</summary>
/// <param name="peer">The connection.</param>
/// <param name="node">The node.</param>
/// <param name="serve">Makes the answer, without its properties.</param>
internal sealed class RequestEndpoint(AmqpPeer peer, string node, Func<AmqpPeer, Message, Message> serve) : LinkEndpoint
{
    /// <summary>Requests that a client may have under way on a link.</summary>
    public const int Credit = 50;

    public override void OnMessage(MessageContext messageContext)
    {
        Message request = messageContext.Message;
        Message answer = serve(peer, request);
        ReplyEndpoint.Answer(peer, node, request.Properties, answer);
        messageContext.Complete();
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }

    /// <summary>An answer with a status, as both kinds of nodes write it.</summary>
    public static Message Answer(int status, string description, object? body = null) => new(body)
    {
        ApplicationProperties = new ApplicationProperties { ["status-code"] = status, ["status-description"] = description },
    };
}
