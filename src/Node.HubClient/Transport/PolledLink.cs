using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Node.HubClient.Connection;

namespace Node.HubClient.Transport;

/// <summary>Where a link stands.</summary>
internal enum LinkState
{
    /// <summary>Name resolution, TCP, the proxy's tunnel, TLS or the WebSocket's upgrade under way.</summary>
    Opening,

    /// <summary>Bytes can flow.</summary>
    Open,

    /// <summary>Over; <see cref="PolledLink.Failure"/> says why.</summary>
    Failed,
}

/// <summary>
/// One TLS connection that never waits: each <see cref="Poll"/> takes name resolution, TCP connect, tunnel, handshake, upgrade or reading
/// one step further.
/// </summary>
internal sealed class PolledLink : IDisposable
{
    private readonly LinkEndpoint _endpoint;
    private readonly LinkRoute _route;
    private readonly ShownCertificate? _certificate;
    private readonly TimeProvider _clock;
    private readonly LinkEndpoint _dialled;
    private readonly Task<IPAddress[]> _resolution;
    private AddressRace? _race;
    private PolledSocketStream? _stream;
    private ProxyTunnel? _tunnel;
    private SslStream? _tls;
    private Task? _handshake;
    private WebSocketUpgrade? _upgrade;
    private Stream? _bytes;

    /// <summary>Begins to open.</summary>
    public PolledLink(LinkEndpoint endpoint, LinkRoute route, ShownCertificate? certificate, TimeProvider clock)
    {
        _endpoint = endpoint;
        _route = route;
        _certificate = certificate;
        _clock = clock;
        _dialled = route.Proxy is { } proxy ? new LinkEndpoint(proxy.Host, proxy.Port) : endpoint;
        _resolution = _dialled.ResolveAsync();
    }

    /// <summary>Where the link stands.</summary>
    public LinkState State { get; private set; }

    /// <summary>Why it failed; for people.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Whether it had been open and the peer closed or reset it.</summary>
    public bool IsClosedByPeer { get; private set; }

    /// <summary>The decrypted stream; only while open.</summary>
    public Stream Bytes => _bytes!;

    /// <summary>Bytes that the socket has not taken yet.</summary>
    public int UnsentBytes => _stream?.UnsentBytes ?? 0;

    /// <summary>The counting stream below TLS, for tests; null before TCP is connected.</summary>
    public PolledSocketStream? Stream => _stream;

    /// <summary>Grows with each step of opening: a name resolved, an address answered, bytes received.</summary>
    public long Progress => (_race is null ? 0 : 1) + (_stream is null ? 0 : 1 + _stream.BytesReceived) + (State is LinkState.Open ? 1 : 0);

    /// <summary>One step.</summary>
    public void Poll()
    {
        try
        {
            Step();
        }
        catch (Exception failed) when (Failures.IsOfLink(failed))
        {
            Fail(failed);
        }
    }

    /// <summary>Ends the link with this failure as its cause.</summary>
    public void Fail(Exception failure)
    {
        IsClosedByPeer = State is LinkState.Open && Failures.IsReset(failure);
        Fail(Failures.Describe(failure));
    }

    /// <summary>Ends the link: the peer has closed it.</summary>
    public void FailClosed()
    {
        IsClosedByPeer = true;
        Fail("the peer closed the connection");
    }

    /// <summary>Ends the link with this cause.</summary>
    public void Fail(string cause)
    {
        State = LinkState.Failed;
        Failure = cause;
        Dispose();
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _race?.Dispose();
        _tls?.Dispose();
        _stream?.Dispose();
        _tunnel?.Observe();
        _upgrade?.Observe();
        _ = _handshake?.Exception; // A handshake cut short here has nothing more to tell.
    }

    private void Step()
    {
        if (State is LinkState.Open)
        {
            _stream!.Pump();
        }
        else if (_upgrade is not null)
        {
            StepUpgrade();
        }
        else if (_tls is not null)
        {
            StepHandshake();
        }
        else if (_tunnel is not null)
        {
            StepTunnel();
        }
        else if (_race is not null)
        {
            StepRace();
        }
        else if (_resolution.IsCompleted)
        {
            TakeAddresses();
        }
    }

    private void TakeAddresses()
    {
        if (!_resolution.IsCompletedSuccessfully || _resolution.Result.Length == 0)
        {
            Fail($"the name {_dialled.Host} cannot be resolved: {_resolution.Exception?.InnerException?.Message ?? "no address"}");
            return;
        }

        _race = new AddressRace(_resolution.Result, _dialled.Port, _route.Socket, _clock);
        StepRace();
    }

    private void StepRace()
    {
        if (_race!.Poll() is { } socket)
        {
            _race.Dispose();
            BeginOn(socket);
        }
        else if (_race.IsLost)
        {
            Fail(_route.Proxy is null ? _race.Failure : $"the proxy {_route.Proxy} does not answer: {_race.Failure}");
        }
    }

    private void BeginOn(Socket socket)
    {
        _stream = new PolledSocketStream(socket);
        if (_route.Proxy is { } proxy)
        {
            _tunnel = new ProxyTunnel(_stream, proxy, _endpoint);
            StepTunnel();
        }
        else
        {
            BeginHandshake();
        }
    }

    private void StepTunnel()
    {
        _stream!.Pump();
        if (_tunnel!.Poll())
        {
            BeginHandshake();
        }
    }

    private void BeginHandshake()
    {
        _tls = new SslStream(_stream!, leaveInnerStreamOpen: true);
        _handshake = _tls.AuthenticateAsClientAsync(TrustedRoots.ForHost(_endpoint.Host, _route.Roots, _certificate ?? _route.Certificate));
        StepHandshake();
    }

    private void StepHandshake()
    {
        _stream!.Pump();
        if (_handshake!.IsCompletedSuccessfully)
        {
            BeginBytes();
        }
        else if (_handshake.IsCompleted)
        {
            string detail = _handshake.Exception?.InnerException is { } failed ? Failures.Describe(failed) : "cancelled";
            Fail($"TLS with {_endpoint.Host} failed: {detail}{ClockHint(detail)}");
        }
    }

    private void BeginBytes()
    {
        if (_route.IsWebSocket)
        {
            _upgrade = new WebSocketUpgrade(_tls!, _endpoint);
            StepUpgrade();
        }
        else
        {
            _bytes = _tls;
            State = LinkState.Open;
        }
    }

    private void StepUpgrade()
    {
        _stream!.Pump();
        if (_upgrade!.Poll() is { } upgraded)
        {
            _bytes = upgraded;
            _upgrade = null;
            State = LinkState.Open;
        }
    }

    private string ClockHint(string detail) => detail.Contains("NotTimeValid", StringComparison.Ordinal)
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $" This device's clock says {_clock.GetUtcNow():u}: if that is wrong, set it.")
        : "";
}
