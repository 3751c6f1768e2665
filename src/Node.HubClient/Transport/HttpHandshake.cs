using Node.HubClient.Protocol;

namespace Node.HubClient.Transport;

/// <summary>One request without a body and the head of its answer, on a stream that its owner polls: a proxy's tunnel, a WebSocket's upgrade.</summary>
internal sealed class HttpHandshake
{
    private readonly Stream _stream;
    private readonly PendingRead _read = new();
    private readonly byte[] _received = new byte[HttpResponseHead.MaximumBytes + 4];
    private int _length;

    /// <summary>Sends the request.</summary>
    /// <exception cref="IOException">The stream failed.</exception>
    public HttpHandshake(Stream stream, ReadOnlySpan<byte> request)
    {
        _stream = stream;
        stream.Write(request);
    }

    /// <summary>One step.</summary>
    /// <returns>The answer's head, or null while it is not whole.</returns>
    /// <exception cref="IOException">The stream failed or ended, or the answer is none.</exception>
    public HttpResponseHead? Poll()
    {
        while (_read.TryTake(_stream, _received.AsMemory(_length), out int length))
        {
            _length += length;
            switch (HttpResponseHead.TryParse(_received.AsSpan(0, _length), out HttpResponseHead? head, out int headLength))
            {
                case HeadOutcome.Complete when headLength == _length || head!.Status is < 200 or >= 300:
                    return head;
                case HeadOutcome.Complete or HeadOutcome.Malformed:
                    throw new IOException("the answer is no HTTP response of the expected kind");
                case HeadOutcome.Incomplete when length == 0:
                    throw new IOException("the peer closed the connection before it answered");
            }
        }

        return null;
    }

    /// <summary>Consumes a read that ended with the stream.</summary>
    public void Observe() => _read.Observe();
}
