using System.Collections.Concurrent;

namespace Node.Sensors.Bus.Gpio;

/// <summary>
/// The thread that waits for edges of all lines together and hands them out in their order. It is started with the first line that wants
/// edges and sleeps in the kernel between them.
/// </summary>
internal sealed class EdgeThread(IKernel kernel, Action<int, LineEvent> tell) : IDisposable
{
    private const int EventsPerRead = 64;

    private readonly ConcurrentDictionary<int, RequestedLine> _lines = new();
    private readonly Lock _gate = new();
    private int _waker = -1;
    private Thread? _thread;
    private volatile bool _stopping;

    /// <summary>Listens to a line from now on. A second call does nothing.</summary>
    /// <exception cref="IOException">The kernel gives no more descriptors.</exception>
    public void Watch(int pin, RequestedLine line)
    {
        lock (_gate)
        {
            if (_thread is null)
            {
                _waker = kernel.CreateWaker();
                LineChip.ThrowIfFailed(_waker, pin, "cannot be listened to");
                _thread = new Thread(Run) { IsBackground = true, Name = "GPIO edges" };
                _lines[pin] = line;
                _thread.Start();
            }
        }

        _lines[pin] = line;
        kernel.Wake(_waker);
    }

    /// <summary>Stops listening to a line; call it before the line is closed.</summary>
    public void Forget(int pin)
    {
        if (_lines.TryRemove(pin, out _)) { kernel.Wake(_waker); }
    }

    /// <summary>Ends the thread.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_thread is null || _stopping) { return; }

            _stopping = true;
            kernel.Wake(_waker);
            if (_thread != Thread.CurrentThread) { _thread.Join(); }

            kernel.Close(_waker);
        }
    }

    private void Run()
    {
        byte[] buffer = new byte[EventsPerRead * LineUapi.EventLength];
        while (!_stopping)
        {
            (int Pin, int Fd)[] watched = [.. _lines.Select(line => (line.Key, line.Value.EdgeDescriptor)).Where(line => line.EdgeDescriptor >= 0)];
            int[] descriptors = [_waker, .. watched.Select(line => line.Fd)];
            bool[] ready = new bool[descriptors.Length];
            if (kernel.Poll(descriptors, ready) < 0) { return; }

            if (ready[0]) { kernel.Read(_waker, buffer.AsSpan(0, sizeof(ulong))); }

            for (int i = 0; i < watched.Length; i++)
            {
                if (ready[i + 1]) { Take(watched[i].Pin, watched[i].Fd, buffer); }
            }
        }
    }

    private void Take(int pin, int fd, byte[] buffer)
    {
        int length = kernel.Read(fd, buffer);
        if (length < LineUapi.EventLength)
        {
            _lines.TryRemove(pin, out _); // The line was closed or its chip is gone: asking again would spin.
            return;
        }

        for (int at = 0; at + LineUapi.EventLength <= length; at += LineUapi.EventLength)
        {
            tell(pin, LineEvent.Read(buffer.AsSpan(at)));
        }
    }
}
