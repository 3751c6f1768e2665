using Node.HubClient.Connection;
using Node.HubClient.Protocol;

namespace Node.HubClient.Features;

/// <summary>Direct methods: each call is worked at once, and always answered on the connection it came by.</summary>
internal sealed class MethodCalls
{
    private const int NotImplemented = 501;
    private const int PayloadMaximumBytes = 128 * 1024;
    private const int TooLarge = 500;
    private readonly Queue<byte[]> _answers = new();
    private DeviceMethodCallback? _callback;
    private object? _context;

    /// <summary>Whether a handler is registered and calls are wanted.</summary>
    public bool IsWanted => _callback is not null;

    /// <summary>Whether answers wait for the transport.</summary>
    public bool HasAnswers => _answers.Count > 0;

    /// <summary>Registers or, with null, unregisters.</summary>
    public void Register(DeviceMethodCallback? callback, object? context)
    {
        _callback = callback;
        _context = context;
    }

    /// <summary>Works the call in this topic; false when the topic is none of ours.</summary>
    public bool TryReceive(in TransportEvent published, Callbacks callbacks)
    {
        if (!MethodTopic.TryParse(published.Topic, out string name, out string requestId))
        {
            return false;
        }

        MethodResponse response = _callback is { } callback
            ? callbacks.Method(callback, new MethodCall(name, published.Payload.ToArray()), _context)
            : new MethodResponse(NotImplemented, """{"error":"No method handler is registered on the device."}"""u8.ToArray());
        Answer(response, requestId);
        return true;
    }

    /// <summary>Publishes waiting answers as far as the transport takes them.</summary>
    public void Publish(IMqttTransport transport)
    {
        while (_answers.TryPeek(out byte[]? packet) && packet.Length <= transport.FreeBytes)
        {
            transport.Publish(packet);
            _answers.Dequeue();
        }
    }

    /// <summary>The hub waits for an answer on the connection that carried the call alone: with it the answers are void.</summary>
    public void EndConnection() => _answers.Clear();

    private void Answer(MethodResponse response, string requestId)
    {
        if (response.Payload.Length > PayloadMaximumBytes)
        {
            response = new MethodResponse(TooLarge, """{"error":"The device's answer is over 128 KB."}"""u8.ToArray());
        }

        ReadOnlySpan<byte> body = response.Payload.IsEmpty ? "null"u8 : response.Payload.Span;
        byte[]? packet = PublishPacket.EncodeQosZero(MethodTopic.Response(response.Status, requestId), body);
        if (packet is not null) // A topic too long for MQTT could only echo a request id that was one byte short of it.
        {
            _answers.Enqueue(packet);
        }
    }
}
