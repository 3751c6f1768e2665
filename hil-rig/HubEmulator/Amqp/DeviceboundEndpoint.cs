using Amqp;
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
            _ = AcceptAsync(messageContext);
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

    /// <summary>A message that was accepted must not be undone by a kill of the hub.</summary>
    private async Task AcceptAsync(MessageContext messageContext)
    {
        try
        {
            await node.SavedAsync();
            messageContext.Complete();
        }
        catch (LocalHubException notSaved)
        {
            messageContext.Complete(new Error(ErrorCode.InternalError) { Description = notSaved.Message });
        }
    }
}
