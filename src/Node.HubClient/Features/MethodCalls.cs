using Node.HubClient.Connection;
using Node.HubClient.Dialect;

namespace Node.HubClient.Features;

/// <summary>
/// Direct methods: each call is worked at once and answered on the connection it came by, or handed out with the right to answer later.
/// </summary>
internal sealed class MethodCalls(HubDialect dialect)
{
    private const int NotImplemented = 501;
    private const int Failed = 500;
    private const int PayloadMaximumBytes = 128 * 1024;
    private readonly Queue<byte[]> _answers = new();
    private readonly Lock _gate = new();
    private DeviceMethodCallback? _callback;
    private DeviceMethodExCallback? _later;
    private object? _context;
    private long _connection;
    private bool _isOpen;
    private int _answerCount;

    /// <summary>Whether a handler is registered and calls are wanted.</summary>
    public bool IsWanted => _callback is not null || _later is not null;

    /// <summary>Whether the handler that answers at once is registered.</summary>
    public bool AnswersAtOnce => _callback is not null;

    /// <summary>Whether the handler that answers later is registered.</summary>
    public bool AnswersLater => _later is not null;

    /// <summary>Whether answers wait for the transport.</summary>
    public bool HasAnswers => Volatile.Read(ref _answerCount) > 0;

    /// <summary>Registers one of the two kinds or, with null for both, unregisters.</summary>
    public void Register(DeviceMethodCallback? callback, DeviceMethodExCallback? later, object? context)
    {
        _callback = callback;
        _later = later;
        _context = context;
    }

    /// <summary>A new connection: calls of earlier ones can no longer be answered.</summary>
    public void BeginConnection()
    {
        lock (_gate)
        {
            _connection++;
            _isOpen = true;
        }
    }

    /// <summary>The hub waits for an answer on the connection that carried the call alone: with it the answers are void.</summary>
    public void EndConnection()
    {
        lock (_gate)
        {
            _isOpen = false;
            _answers.Clear();
            Volatile.Write(ref _answerCount, 0);
        }
    }

    /// <summary>Works a call.</summary>
    public void Receive(in Inbound call, Callbacks callbacks)
    {
        var request = new MethodRequest(new MethodCall(call.Name, call.Payload.ToArray()), call.CallId, _connection);
        if (_later is { } later)
        {
            if (!callbacks.MethodLater(later, request, _context))
            {
                Answer(request, new MethodResponse(Failed, """{"error":"The device's handler failed; its log says why."}"""u8.ToArray()));
            }
        }
        else
        {
            Answer(request, _callback is { } callback
                ? callbacks.Method(callback, request.Call, _context)
                : new MethodResponse(NotImplemented, """{"error":"No method handler is registered on the device."}"""u8.ToArray()));
        }
    }

    /// <summary>Queues the answer; false when the call is answered already or its connection is gone. Any thread.</summary>
    public bool Answer(MethodRequest request, MethodResponse response)
    {
        byte[]? packet = Encode(request.RequestId, response);
        lock (_gate)
        {
            if (request.IsAnswered || !_isOpen || request.Connection != _connection || packet is null)
            {
                request.IsAnswered = true;
                return false;
            }

            request.IsAnswered = true;
            _answers.Enqueue(packet);
            Volatile.Write(ref _answerCount, _answers.Count);
            return true;
        }
    }

    /// <summary>Publishes waiting answers as far as the transport takes them.</summary>
    public void Publish(IMqttTransport transport)
    {
        if (!HasAnswers)
        {
            return;
        }

        lock (_gate)
        {
            while (_answers.TryPeek(out byte[]? packet) && packet.Length <= transport.FreeBytes)
            {
                transport.Publish(packet);
                _answers.Dequeue();
            }

            Volatile.Write(ref _answerCount, _answers.Count);
        }
    }

    private byte[]? Encode(string requestId, MethodResponse response)
    {
        if (response.Payload.Length > PayloadMaximumBytes)
        {
            response = new MethodResponse(Failed, """{"error":"The device's answer is over 128 KB."}"""u8.ToArray());
        }

        return dialect.AnswerMethod(requestId, response.Status, response.Payload.Span);
    }
}
