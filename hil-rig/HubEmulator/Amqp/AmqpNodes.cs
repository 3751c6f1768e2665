using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using HubEmulator.Notices;

namespace HubEmulator.Amqp;

/// <summary>Everything that can be reached over AMQP: which address means what, and who may attach to it.</summary>
internal sealed class AmqpNodes(TokenNode tokens, ManagementNode management, DeviceboundNode devicebound, EventNode events, NoticeBoard notices, AmqpHost host) : ILinkProcessor
{
    private const string DeviceboundAddress = "messages/devicebound";
    private const string FeedbackAddress = "messages/serviceBound/feedback";
    private const string UploadsAddress = "messages/serviceBound/filenotifications";
    private const string FeedbackType = "application/vnd.microsoft.iothub.feedback.json";
    private const string UploadsType = "application/vnd.microsoft.iothub.filenotification.json";

    public void Process(AttachContext attachContext)
    {
        Attach attach = attachContext.Attach;
        AmqpPeer peer = AmqpPeer.Of(attachContext.Link.Session.Connection);
        try
        {
            if (attach.Role)
            {
                AttachReceiver(attachContext, peer, AmqpAddress.Parse((attach.Source as Source)?.Address));
            }
            else
            {
                AttachSender(attachContext, peer, AmqpAddress.Parse((attach.Target as Target)?.Address));
            }
        }
        catch (AmqpException refused)
        {
            attachContext.Complete(refused.Error);
        }
    }

    /// <summary>Called once a second.</summary>
    public void Sweep() => notices.Sweep();

    /// <summary>The client sends.</summary>
    private void AttachSender(AttachContext context, AmqpPeer peer, AmqpAddress address)
    {
        ListenerLink link = context.Link;
        if (address.Is(TokenNode.Address))
        {
            context.Complete(new RequestEndpoint(peer, TokenNode.Address, tokens.Serve), RequestEndpoint.Credit);
        }
        else if (address.Is(ManagementNode.Address))
        {
            context.Complete(new RequestEndpoint(peer, ManagementNode.Address, management.Serve), RequestEndpoint.Credit);
        }
        else if (address.Is(DeviceboundAddress))
        {
            peer.Guard(link, address.Path);
            context.Complete(new DeviceboundEndpoint(devicebound), DeviceboundEndpoint.Credit);
        }
        else
        {
            throw NotFound(address);
        }
    }

    /// <summary>The client receives.</summary>
    private void AttachReceiver(AttachContext context, AmqpPeer peer, AmqpAddress address)
    {
        ListenerLink link = context.Link;
        if (address.Is(TokenNode.Address))
        {
            Begin(context, new ReplyEndpoint(peer, link, TokenNode.Address, TargetOf(context)));
        }
        else if (address.Is(ManagementNode.Address))
        {
            Begin(context, new ReplyEndpoint(peer, link, ManagementNode.Address, TargetOf(context)));
        }
        else if (address.Is(FeedbackAddress))
        {
            peer.Guard(link, address.Path);
            Begin(context, new NoticeEndpoint(peer, link, notices.Feedback, FeedbackType, host.ShortName));
        }
        else if (address.Is(UploadsAddress))
        {
            peer.Guard(link, address.Path);
            Begin(context, new NoticeEndpoint(peer, link, notices.Uploads, UploadsType, host.ShortName));
        }
        else if (address.IsHubEvents)
        {
            peer.Guard(link, address.Path);
            throw new AmqpException(host.Redirect(address));
        }
        else if (address.TryReadPartition(host.ShortName, out string group, out string partition))
        {
            peer.Guard(link, address.Path);
            Begin(context, events.Open(peer, context, group, partition));
        }
        else
        {
            throw NotFound(address);
        }
    }

    private static void Begin(AttachContext context, SendingEndpoint endpoint)
    {
        if (endpoint is ReplyEndpoint replies)
        {
            replies.Peer.Add(replies);
        }

        context.Complete(endpoint, initialCredit: 0);
        endpoint.Start();
    }

    private static string? TargetOf(AttachContext context) => (context.Attach.Target as Target)?.Address;

    private static AmqpException NotFound(AmqpAddress address) => new(ErrorCode.NotFound, $"This hub has no node '{address.Path}' for this direction.");
}
