using System.Collections.Concurrent;
using HubEmulator.Identity;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Amqp;

/// <summary>All AMQP connections, whatever carries them: lets them in, runs them on the library's listener, and looks after them once a second.</summary>
internal sealed partial class AmqpGateway : IDisposable
{
    /// <summary>Connections at a time; more are dropped.</summary>
    public const int MostConnections = 1_000;

    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SaslTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(4);

    private readonly ConcurrentDictionary<AmqpPeer, AmqpLine> _open = new();
    private readonly SasVerifier _verifier;
    private readonly TimeProvider _clock;
    private readonly ILogger _log;
    private readonly AmqpContainer _container;
    private readonly Action _sweepNodes;
    private readonly ITimer _sweep;

    /// <param name="hostName">The hub's name.</param>
    /// <param name="verifier">Judges tokens.</param>
    /// <param name="nodes">What can be reached here.</param>
    /// <param name="clock">The clock of deadlines.</param>
    /// <param name="log">The hub's log.</param>
    public AmqpGateway(string hostName, SasVerifier verifier, AmqpNodes nodes, TimeProvider clock, ILogger log)
    {
        _verifier = verifier;
        _clock = clock;
        _log = log;
        _sweepNodes = nodes.Sweep;
        _container = new AmqpContainer(hostName, IdleTime, nodes);
        _sweep = clock.CreateTimer(_ => Sweep(), null, SweepPeriod, SweepPeriod);
    }

    /// <summary>Serves one connection until it ends.</summary>
    public async Task ServeAsync(AmqpLine line)
    {
        var peer = new AmqpPeer(_clock, LogFailed);
        if (_open.Count >= MostConnections || !_open.TryAdd(peer, line))
        {
            return;
        }

        try
        {
            using var deadline = new CancellationTokenSource(SaslTime, _clock);
            if (await new SaslExchange(line.Pipe, (user, password) => LogIn(peer, user, password)).RunAsync(deadline.Token))
            {
                await RunAsync(line, peer);
            }
        }
        catch (Exception lost) when (lost is IOException or OperationCanceledException or InvalidOperationException)
        {
            // The client has gone, or was too slow.
        }
        finally
        {
            _open.TryRemove(peer, out _);
            await line.Pipe.Output.CompleteAsync();
            await line.Pipe.Input.CompleteAsync();
        }
    }

    /// <summary>Ends at once the connections that are meant, each asked about once: the client sees a lost network.</summary>
    public void Drop(Func<bool> isMeant)
    {
        foreach (AmqpLine line in _open.Values)
        {
            if (isMeant())
            {
                line.Abort();
            }
        }
    }

    public void Dispose()
    {
        _sweep.Dispose();
        _container.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "An AMQP connection failed inside the hub.")]
    private partial void LogFailed(Exception cause);

    /// <summary>Hands the connection to the library, and makes sure that it ends when one side is done with it, even if the client takes and says nothing.</summary>
    private async Task RunAsync(AmqpLine line, AmqpPeer peer)
    {
        var transport = new AmqpTransport(line.Pipe, peer.Attach, peer.Outbox.Write);
        _container.Accept(transport);
        await Task.WhenAny(peer.Ended, transport.Closed);
        try
        {
            await transport.Closed.WaitAsync(Goodbye, _clock);
        }
        catch (TimeoutException)
        {
            line.Abort();
            await transport.Closed;
        }
    }

    /// <summary>SASL PLAIN: <c>{policy}@sas.root.{hub}</c> with a token, or a policy with its key.</summary>
    private bool LogIn(AmqpPeer peer, string user, string password)
    {
        SasClaim? claim;
        if (user.Contains("@sas.", StringComparison.OrdinalIgnoreCase))
        {
            _verifier.VerifyClaim(password, out claim);
        }
        else
        {
            claim = _verifier.VerifyKey(user, password);
        }

        if (claim is not null)
        {
            peer.Claims.Put(claim);
        }

        return claim is not null;
    }

    private void Sweep()
    {
        foreach (AmqpPeer peer in _open.Keys)
        {
            try
            {
                peer.Sweep();
            }
            catch (Exception defect)
            {
                peer.Fail(defect); // one connection must not cost the others their sweep
            }
        }

        _sweepNodes();
    }
}
