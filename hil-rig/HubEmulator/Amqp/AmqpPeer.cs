using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace HubEmulator.Amqp;

/// <summary>One AMQP connection: what its client may do, what waits to be sent to it, and the links that stand open for as long as its tokens live.</summary>
internal sealed class AmqpPeer(TimeProvider clock, Action<Exception> failed)
{
    private const string Key = "peer";
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TokenTime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<ListenerLink, string> _guarded = new();
    private readonly ConcurrentDictionary<ReplyEndpoint, byte> _replies = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private ListenerConnection? _connection;
    private volatile bool _isOpen;

    public AmqpClaims Claims { get; } = new(clock);

    public Outbox Outbox { get; } = new();

    /// <summary>Completes when the connection is over for one side at least.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Links that answer requests.</summary>
    public ICollection<ReplyEndpoint> Replies => _replies.Keys;

    public static AmqpPeer Of(Connection connection) => (AmqpPeer)((ListenerConnection)connection).Properties[Key];

    /// <summary>Ties this to the library's connection.</summary>
    public void Attach(Connection connection)
    {
        _connection = (ListenerConnection)connection;
        _connection.Properties[Key] = this;
        _connection.AddClosedCallback((_, _) => _ended.TrySetResult());
    }

    /// <summary>Called when the client has sent <c>open</c>.</summary>
    public void Open() => _isOpen = true;

    /// <summary>Keeps a link open only while a token opens its path.</summary>
    /// <exception cref="AmqpException">None does now.</exception>
    public void Guard(ListenerLink link, string path)
    {
        if (!Claims.Open(path))
        {
            throw new AmqpException(ErrorCode.UnauthorizedAccess, "Put a token with the right to connect services, for this address or one above it.");
        }

        _guarded[link] = path;
        link.AddClosedCallback((_, _) => _guarded.TryRemove(link, out string? _));
    }

    public void Add(ReplyEndpoint replies)
    {
        _replies[replies] = 0;
        replies.Link.AddClosedCallback((_, _) => _replies.TryRemove(replies, out _));
    }

    /// <summary>Ends what has taken too long or is no longer allowed; called once a second.</summary>
    public void Sweep()
    {
        foreach ((ListenerLink link, string path) in _guarded)
        {
            if (!Claims.Open(path))
            {
                link.End(ErrorCode.UnauthorizedAccess, "The token has expired.");
            }
        }

        TimeSpan age = clock.GetUtcNow() - _began;
        if ((age > OpenTime && !_isOpen) || (age > TokenTime && Claims.IsEmpty))
        {
            Close(ErrorCode.UnauthorizedAccess, "No token was put in time.");
        }
    }

    /// <summary>Ends the connection after a defect of the hub.</summary>
    public void Fail(Exception defect)
    {
        failed(defect);
        Close(ErrorCode.InternalError, "The hub failed; its log has the cause.");
    }

    /// <summary>Ends the connection and tells the client why.</summary>
    public void Close(string condition, string description)
    {
        try
        {
            _connection?.Close(TimeSpan.Zero, new Error(condition) { Description = description });
        }
        catch (Exception ended) when (ended is AmqpException or ObjectDisposedException or InvalidOperationException)
        {
            // It has ended by itself.
        }

        _ended.TrySetResult(); // the client may never answer
    }
}
