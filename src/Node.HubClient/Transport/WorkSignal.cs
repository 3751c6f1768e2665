using System.Net;
using System.Net.Sockets;

namespace Node.HubClient.Transport;

/// <summary>
/// Lets a thread sleep until there is work: bytes on a link, or something queued by another thread. Sleeps in the kernel's own poll, so no
/// socket ever gets to know the runtime's polling thread. What wakes it from another thread is a datagram to itself on loopback.
/// </summary>
internal sealed class WorkSignal : IDisposable
{
    private readonly Lock _gate = new();
    private Socket? _wake;
    private int _isSleeping;
    private bool _disposed;

    /// <summary>Wakes the sleeper, if there is one. Any thread; costs one look at a flag when nobody sleeps.</summary>
    public void Notify()
    {
        if (Volatile.Read(ref _isSleeping) == 1 && Interlocked.Exchange(ref _isSleeping, 0) == 1)
        {
            lock (_gate)
            {
                if (!_disposed)
                {
                    _wake?.Send([1], SocketFlags.None, out _);
                }
            }
        }
    }

    /// <summary>Sleeps. One thread at a time.</summary>
    /// <param name="link">The stream whose bytes are waited for, and, where it still has some to send, the network's readiness to take them; null for none.</param>
    /// <param name="atMost">How long.</param>
    /// <param name="hasWork">Asked after the sleeper can be woken, so that nothing queued in between is slept through.</param>
    /// <returns>False when the time passed and nothing happened.</returns>
    public bool Wait(PolledSocketStream? link, TimeSpan atMost, Func<bool> hasWork)
    {
        Socket wake = Wake();
        Interlocked.Exchange(ref _isSleeping, 1);
        try
        {
            if (hasWork())
            {
                return true;
            }

            List<Socket> readable = link is null ? [wake] : [wake, link.Socket];
            List<Socket>? writable = link is { UnsentBytes: > 0 } ? [link.Socket] : null;
            Socket.Select(readable, writable, null, atMost);
            return readable.Count > 0 || writable is { Count: > 0 };
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            return true; // The link was closed meanwhile: the next turn sees that.
        }
        finally
        {
            Volatile.Write(ref _isSleeping, 0);
            Drain(wake);
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        Notify();
        lock (_gate)
        {
            _disposed = true;
            _wake?.Dispose();
        }
    }

    private Socket Wake()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_wake is null)
            {
                _wake = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
                _wake.Bind(new IPEndPoint(IPAddress.Loopback, 0));
                _wake.Connect(_wake.LocalEndPoint!);
            }

            return _wake;
        }
    }

    private static void Drain(Socket wake)
    {
        Span<byte> one = stackalloc byte[1];
        try
        {
            while (wake.Receive(one, SocketFlags.None, out SocketError error) > 0 && error is SocketError.Success)
            {
                // Every notice says the same.
            }
        }
        catch (ObjectDisposedException)
        {
            return; // Disposed while asleep.
        }
    }
}
