using System.Runtime.InteropServices;
using Amqp;

namespace HubEmulator.Amqp;

/// <summary>
/// What a connection has been given to send and has not sent yet. A client may grant any credit and read slowly, and the library keeps
/// all that waits, so senders ask for room first.
/// </summary>
internal sealed class Outbox
{
    /// <summary>Bytes of messages that may wait; the one that exceeds it is still taken.</summary>
    public const long MostBytes = 1024 * 1024;

    private readonly Lock _guard = new();
    private readonly Dictionary<object, Queue<ByteBuffer>> _parked = [];
    private long _waiting;

    /// <summary>Raised when messages have gone out.</summary>
    public event Action? Drained;

    public bool HasRoom
    {
        get
        {
            lock (_guard)
            {
                return _waiting < MostBytes;
            }
        }
    }

    /// <summary>Gives a message to a link that has credit for it.</summary>
    /// <param name="link">The link.</param>
    /// <param name="message">The message.</param>
    /// <param name="send">Passes the message and its bytes to the library, which consumes them as it passes them on.</param>
    /// <returns>False when the link has closed.</returns>
    public bool TrySend(object link, Message message, Action<Message, ByteBuffer> send)
    {
        ByteBuffer bytes = message.Encode();
        lock (_guard)
        {
            _waiting += bytes.Length;
            Queue<ByteBuffer> parked = CollectionsMarshal.GetValueRefOrAddDefault(_parked, link, out _) ??= new Queue<ByteBuffer>();
            while (parked.TryPeek(out ByteBuffer? oldest) && oldest.Length == 0)
            {
                parked.Dequeue(); // the library has passed it on to the connection
            }

            parked.Enqueue(bytes);
        }

        try
        {
            send(message, bytes);
            return true;
        }
        catch (Exception closed) when (closed is AmqpException or ObjectDisposedException or InvalidOperationException)
        {
            Forget(link);
            return false;
        }
    }

    /// <summary>Called with what has gone out.</summary>
    public void Write(long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        lock (_guard)
        {
            _waiting -= bytes;
        }

        Drained?.Invoke();
    }

    /// <summary>Forgets a link that has closed, with what it will never send.</summary>
    public void Forget(object link)
    {
        lock (_guard)
        {
            _waiting -= _parked.Remove(link, out Queue<ByteBuffer>? parked) ? parked.Sum(bytes => (long)bytes.Length) : 0;
        }

        Drained?.Invoke();
    }
}
