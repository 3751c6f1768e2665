using System.Globalization;
using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Transport;

/// <summary>
/// HTTP/1.1 over a <see cref="PolledLink"/>: each step sends what the socket takes and reads what has arrived. The body goes out in pieces of
/// 16 KiB straight from the caller's memory; a connection is used again while the host stays the same.
/// </summary>
internal sealed class PolledHttpChannel(Func<LinkRoute> route, TimeSpan timeout, string userAgent, TimeProvider clock) : IHttpChannel
{
    private const int PieceBytes = 16 * 1024; // One TLS record holds no more.
    private const int BytesPerStep = 1 << 20;

    private readonly byte[] _received = new byte[PieceBytes];
    private readonly string _userAgent = new([.. userAgent.Select(letter => char.IsControl(letter) ? ' ' : letter)]);
    private PolledLink? _link;
    private PendingRead _read = new();
    private HttpRequest? _request;
    private HttpRequest? _linkIsFor;
    private HttpResponseReader _reader = new();
    private byte[] _head = [];
    private int _sent;
    private long _beganAt;
    private bool _isReused;
    private bool _answered;

    /// <inheritdoc />
    public bool HasMoreToSend => _link is { State: LinkState.Open, UnsentBytes: 0 } && _request is { } request && _sent < _head.Length + request.Body.Length;

    /// <inheritdoc />
    public void Begin(HttpRequest request)
    {
        _request = request;
        _head = Head(request);
        _beganAt = clock.GetTimestamp();
        _isReused = _link is { State: LinkState.Open } && _linkIsFor is { } last
            && last.Host == request.Host && last.Port == request.Port && ReferenceEquals(last.Certificate, request.Certificate);
        if (!_isReused)
        {
            Open(request);
        }

        Rewind();
    }

    /// <inheritdoc />
    public bool TryEnd(out HttpOutcome outcome)
    {
        outcome = null!;
        PolledLink link = _link!;
        link.Poll();
        if (link.State is LinkState.Open)
        {
            Send(link);
        }

        if (link.State is LinkState.Open)
        {
            Receive(link);
        }

        if (_reader.IsComplete)
        {
            outcome = Outcome(_reader);
            Leave(_reader.KeepsConnection && _sent == _head.Length + _request!.Body.Length && _reader.Rest.IsEmpty);
            return true;
        }

        string? failure = _reader.Fault ?? (link.State is LinkState.Failed ? link.Failure : null);
        if (failure is null && clock.GetElapsedTime(_beganAt) > timeout)
        {
            failure = string.Create(CultureInfo.InvariantCulture, $"no answer within {timeout.TotalSeconds:0} s");
        }
        else if (failure is not null && _isReused && !_answered)
        {
            Open(_request!); // The peer had closed the kept connection, as it may at any time (RFC 9112 section 9.3.1): once more on a new one.
            Rewind();
            return false;
        }

        if (failure is null)
        {
            return false;
        }

        Leave(keeps: false);
        outcome = new HttpOutcome { Status = 0, Failure = $"{_request!.Host}: {failure}" };
        return true;
    }

    /// <inheritdoc />
    public void Dispose() => Leave(keeps: false);

    private void Open(HttpRequest request)
    {
        Leave(keeps: false);
        _isReused = false;
        _linkIsFor = request;
        _link = new PolledLink(new LinkEndpoint(request.Host, request.Port), route(), request.Certificate, clock);
        _read = new PendingRead();
    }

    private void Rewind()
    {
        _reader = new HttpResponseReader();
        _sent = 0;
        _answered = false;
    }

    private void Leave(bool keeps)
    {
        if (!keeps)
        {
            _link?.Dispose();
            _read.Observe();
            _link = null;
        }
    }

    private void Send(PolledLink link)
    {
        int end = Math.Min(_head.Length + _request!.Body.Length, _sent + BytesPerStep);
        try
        {
            while (_sent < end && link.UnsentBytes == 0)
            {
                ReadOnlySpan<byte> piece = _sent < _head.Length ? _head.AsSpan(_sent) : _request.Body.Span[(_sent - _head.Length)..];
                piece = piece[..Math.Min(piece.Length, PieceBytes)];
                link.Bytes.Write(piece);
                _sent += piece.Length;
            }
        }
        catch (Exception failed) when (Failures.IsOfLink(failed))
        {
            link.Fail(failed);
        }
    }

    private void Receive(PolledLink link)
    {
        try
        {
            while (!_reader.IsComplete && _reader.Fault is null && _read.TryTake(link.Bytes, _received, out int length))
            {
                if (length == 0)
                {
                    _reader.End();
                    link.FailClosed();
                    return;
                }

                _answered = true;
                _reader.Take(_received.AsSpan(0, length));
            }
        }
        catch (Exception failed) when (Failures.IsOfLink(failed))
        {
            link.Fail(failed);
        }
    }

    private static HttpOutcome Outcome(HttpResponseReader reader) => new()
    {
        Status = reader.Head!.Status,
        Body = reader.Body,
        RetryAfter = int.TryParse(reader.Head.Header("Retry-After"), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds) : null,
        Date = DateTimeOffset.TryParseExact(reader.Head.Header("Date"), "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset date) ? date : null,
    };

    private byte[] Head(HttpRequest request)
    {
        var endpoint = new LinkEndpoint(request.Host, request.Port);
        var head = new StringBuilder($"{request.Method} {request.Target} HTTP/1.1\r\nHost: {(request.Port == 443 ? endpoint.UrlHost : endpoint.Authority)}\r\nUser-Agent: {_userAgent}\r\nContent-Length: {request.Body.Length}\r\n");
        foreach ((string name, string? value) in ((string, string?)[])[("Content-Type", request.ContentType), ("Authorization", request.Authorization)])
        {
            if (value is not null)
            {
                head.Append(name).Append(": ").Append(value).Append("\r\n");
            }
        }

        return Encoding.UTF8.GetBytes(head.Append("Accept: application/json\r\n\r\n").ToString());
    }
}
