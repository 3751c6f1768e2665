using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient.Transport;

/// <summary>Where a link stands.</summary>
internal enum LinkState
{
    /// <summary>Name resolution, TCP or TLS under way.</summary>
    Opening,

    /// <summary>Bytes can flow.</summary>
    Open,

    /// <summary>Over; <see cref="PolledLink.Failure"/> says why.</summary>
    Failed,
}

/// <summary>
/// One TLS connection that never waits: each <see cref="Poll"/> takes name resolution, TCP connect, handshake or reading one step further.
/// </summary>
internal sealed class PolledLink : IDisposable
{
    private static readonly TimeSpan AddressTimeout = TimeSpan.FromSeconds(5);

    private readonly LinkEndpoint _endpoint;
    private readonly X509Certificate2Collection? _roots;
    private readonly X509Certificate2? _certificate;
    private readonly SocketOptions _socketOptions;
    private readonly TimeProvider _clock;
    private readonly Task<IPAddress[]> _resolution;
    private IPAddress[] _addresses = [];
    private int _nextAddress;
    private string _lastFailure = "";
    private long _dialledAt;
    private Socket? _socket;
    private PolledSocketStream? _stream;
    private SslStream? _tls;
    private Task? _handshake;

    /// <summary>Begins to open.</summary>
    public PolledLink(LinkEndpoint endpoint, X509Certificate2Collection? roots, X509Certificate2? certificate, SocketOptions socketOptions, TimeProvider clock)
    {
        _endpoint = endpoint;
        _roots = roots;
        _certificate = certificate;
        _socketOptions = socketOptions;
        _clock = clock;
        _resolution = endpoint.ResolveAsync();
    }

    /// <summary>Where the link stands.</summary>
    public LinkState State { get; private set; }

    /// <summary>Why it failed; for people.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>The decrypted stream; only while open.</summary>
    public SslStream Tls => _tls!;

    /// <summary>Bytes that the socket has not taken yet.</summary>
    public int UnsentBytes => _stream?.UnsentBytes ?? 0;

    /// <summary>The counting stream below TLS, for tests; null before TCP is connected.</summary>
    public PolledSocketStream? Stream => _stream;

    /// <summary>One step.</summary>
    public void Poll()
    {
        try
        {
            Step();
        }
        catch (Exception failed) when (failed is IOException or SocketException or AuthenticationException or ObjectDisposedException)
        {
            Fail(failed is AuthenticationException && failed.InnerException is { } inner ? $"{failed.Message} {inner.Message}" : failed.Message);
        }
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
        _tls?.Dispose();
        _stream?.Dispose();
        _socket?.Dispose();
        _ = _handshake?.Exception; // A handshake cut short here has nothing more to tell.
    }

    private void Step()
    {
        if (State is LinkState.Open)
        {
            _stream!.Pump();
        }
        else if (_tls is not null)
        {
            StepHandshake();
        }
        else if (_socket is not null)
        {
            StepDial();
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
            Fail($"the name {_endpoint.Host} cannot be resolved: {_resolution.Exception?.InnerException?.Message ?? "no address"}");
            return;
        }

        _addresses = _resolution.Result;
        DialNext();
    }

    private void DialNext()
    {
        while (_nextAddress < _addresses.Length)
        {
            var remote = new IPEndPoint(_addresses[_nextAddress++], _endpoint.Port);
            _socket = new Socket(remote.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, Blocking = false };
            _socketOptions.Apply(_socket);
            _dialledAt = _clock.GetTimestamp();
            try
            {
                _socket.Connect(remote);
                BeginHandshake();
                return;
            }
            catch (SocketException failed) when (failed.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                return; // Under way; StepDial sees the end of it.
            }
            catch (SocketException failed)
            {
                GiveUpAddress(remote, failed.Message);
            }
        }

        Fail(_lastFailure);
    }

    private void StepDial()
    {
        var remote = new IPEndPoint(_addresses[_nextAddress - 1], _endpoint.Port);
        if (_socket!.Poll(0, SelectMode.SelectWrite))
        {
            int error = (int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
            if (error == 0)
            {
                BeginHandshake();
                return;
            }

            GiveUpAddress(remote, new SocketException(error).Message);
            DialNext();
        }
        else if (_nextAddress < _addresses.Length && _clock.GetElapsedTime(_dialledAt) >= AddressTimeout)
        {
            GiveUpAddress(remote, "no answer");
            DialNext();
        }
    }

    private void GiveUpAddress(IPEndPoint remote, string cause)
    {
        _lastFailure = $"{remote}: {cause}";
        _socket!.Dispose();
        _socket = null;
    }

    private void BeginHandshake()
    {
        _stream = new PolledSocketStream(_socket!);
        _tls = new SslStream(_stream, leaveInnerStreamOpen: true);
        _handshake = _tls.AuthenticateAsClientAsync(TrustedRoots.ForHost(_endpoint.Host, _roots, _certificate));
        StepHandshake();
    }

    private void StepHandshake()
    {
        _stream!.Pump();
        if (_handshake!.IsCompletedSuccessfully)
        {
            State = LinkState.Open;
        }
        else if (_handshake.IsCompleted)
        {
            Exception? failed = _handshake.Exception?.InnerException;
            string detail = failed?.InnerException is { } inner ? $"{failed.Message} {inner.Message}" : failed?.Message ?? "cancelled";
            Fail($"TLS with {_endpoint.Host} failed: {detail}");
        }
    }
}
