using Amqp;
using Amqp.Framing;
using Amqp.Handler;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>The library's listener, fed with connections that were accepted elsewhere. Looks at each message before the library decodes it.</summary>
internal sealed class AmqpContainer : ContainerHost, IContainer, IHandler, IDisposable
{
    private const int MostSessions = 256;
    private const int MostLinksInSession = 64;
    private const uint ShortestSilence = 250; // milliseconds
    private const uint SmallestFrame = 512; // AMQP 1.0 part 2, section 2.7.1

    private readonly TransportHandover _handover = new();

    /// <param name="hostName">What the hub calls itself.</param>
    /// <param name="idleTime">After so long without a byte the library ends a connection; clients are asked for a sign of life in half of it.</param>
    /// <param name="links">Decides about the links.</param>
    public AmqpContainer(string hostName, TimeSpan idleTime, ILinkProcessor links)
        : base(new Address(hostName, 1, scheme: TransportHandover.Scheme))
    {
        CustomTransports[TransportHandover.Scheme] = _handover;
        ConnectionListener listener = Listeners[0];
        listener.AMQP.HostName = hostName;
        listener.AMQP.MaxFrameSize = AmqpTransport.MostFrameBytes;
        listener.AMQP.MaxSessionsPerConnection = MostSessions;
        listener.AMQP.MaxLinksPerSession = MostLinksInSession;
        listener.AMQP.IdleTimeout = (int)idleTime.TotalMilliseconds;
        listener.HandlerFactory = _ => this;
        RegisterLinkProcessor(links);
        listener.Open();
    }

    public void Accept(AmqpTransport transport) => _handover.Accept(transport);

    public void Dispose()
    {
        Listeners[0].Close();
        _handover.Dispose();
    }

    /// <exception cref="AmqpException">It is malformed.</exception>
    Message IContainer.CreateMessage(ByteBuffer buffer) => AmqpEncoding.IsMessage(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length))
        ? Message.Decode(buffer)
        : throw new AmqpException(ErrorCode.DecodeError, "A message is malformed.");

    bool IHandler.CanHandle(EventId id) => id == EventId.ConnectionRemoteOpen;

    /// <summary>
    /// The library takes two links for one when their names and their clients' container ids are the same, even on different connections. And it lets the
    /// client's idle time pass in full before it says something, which is when the client gives up. And frames grow on their way out: <see cref="WholeLists"/>.
    /// </summary>
    void IHandler.Handle(Event protocolEvent)
    {
        var open = (Open)protocolEvent.Context;
        open.ContainerId = Guid.NewGuid().ToString();
        open.MaxFrameSize = Math.Max(open.MaxFrameSize - WholeLists.MostGrowth, SmallestFrame);
        if (open.IdleTimeOut > 0)
        {
            open.IdleTimeOut = Math.Max(open.IdleTimeOut / 3, ShortestSilence);
        }

        AmqpPeer.Of(protocolEvent.Connection).Open();
    }
}
