using System.Threading.Channels;
using Amqp;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>
/// A link on which the hub sends. One loop for each link takes what is next while the client has granted credit and takes what was sent before;
/// whatever may have changed that wakes the loop.
/// </summary>
internal abstract class SendingEndpoint : LinkEndpoint
{
    private readonly LinkCredit _credit = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    protected SendingEndpoint(AmqpPeer peer, ListenerLink link)
    {
        Peer = peer;
        Link = link;
    }

    public AmqpPeer Peer { get; }

    public ListenerLink Link { get; }

    /// <summary>Sends from now on, until the link closes.</summary>
    public void Start()
    {
        OnStart();
        Peer.Outbox.Drained += Wake;
        Link.AddClosedCallback((_, _) => End());
        _ = RunAsync();
    }

    /// <summary>Says that there may be something to send.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    public override void OnFlow(FlowContext flowContext)
    {
        _credit.Move(flowContext.Messages);
        Wake();
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
    }

    /// <summary>Takes the next message to send.</summary>
    protected abstract bool TryTake(out Message message);

    /// <summary>Takes back a message that was taken and could not be sent.</summary>
    protected virtual void PutBack(Message message)
    {
    }

    /// <summary>Called once, before anything is sent.</summary>
    protected virtual void OnStart()
    {
    }

    /// <summary>Called once when the link has closed, by whatever end.</summary>
    protected virtual void OnEnd()
    {
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _wake.Reader.WaitToReadAsync())
            {
                _wake.Reader.TryRead(out _);
                while (TrySend())
                {
                }

                if (Link.IsDraining && Peer.Outbox.HasRoom)
                {
                    _credit.Clear();
                    Link.CompleteDrain();
                }
            }
        }
        catch (Exception) when (Link.IsClosed)
        {
            // The library throws in many ways when the connection ends meanwhile.
        }
        catch (Exception defect)
        {
            Peer.Fail(defect);
        }
    }

    private bool TrySend()
    {
        if (!Peer.Outbox.HasRoom || !_credit.TryUse())
        {
            return false;
        }

        if (!TryTake(out Message message))
        {
            _credit.Return();
            return false;
        }

        if (Peer.Outbox.TrySend(Link, message, Link.SendMessage))
        {
            return true;
        }

        PutBack(message);
        return false;
    }

    private void End()
    {
        Peer.Outbox.Drained -= Wake;
        _wake.Writer.TryComplete();
        Peer.Outbox.Forget(Link);
        OnEnd();
    }
}
