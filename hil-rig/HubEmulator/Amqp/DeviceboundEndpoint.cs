using Amqp.Framing;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>A link on which a service sends to devices.</summary>
internal sealed class DeviceboundEndpoint(DeviceboundNode node) : LinkEndpoint
{
    /// <summary>Messages that a client may have under way.</summary>
    public const int Credit = 1_000;

    public override void OnMessage(MessageContext messageContext)
    {
        Error? refusal = node.TrySend(messageContext.Message);
        if (refusal is null)
        {
            messageContext.Complete();
        }
        else
        {
            messageContext.Complete(refusal);
        }
    }

    public override void OnFlow(FlowContext flowContext)
    {
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }
}
