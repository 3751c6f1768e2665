namespace Node.HubClient.Transport;

/// <summary>One read of a stream that its owner polls: started in one turn, finished in this or a later one. Nothing ever waits for it.</summary>
internal sealed class PendingRead
{
    private ValueTask<int> _read;

    /// <summary>Whether a read is under way: its memory must not move.</summary>
    public bool IsPending { get; private set; }

    /// <summary>Starts a read into <paramref name="target"/> unless one is under way, and takes its end. False while there is none.</summary>
    /// <param name="stream">What is read.</param>
    /// <param name="target">Where to; the same memory until the read has ended.</param>
    /// <param name="length">Bytes read; 0 at the end of the stream.</param>
    /// <exception cref="IOException">The stream failed.</exception>
    public bool TryTake(Stream stream, Memory<byte> target, out int length)
    {
        length = 0;
        if (!IsPending)
        {
#pragma warning disable CA2012 // Polled: looked at in each turn, and consumed once, below or in Observe.
            _read = stream.ReadAsync(target);
#pragma warning restore CA2012
            IsPending = true;
        }

        if (!_read.IsCompleted)
        {
            return false;
        }

        IsPending = false;
        length = _read.GetAwaiter().GetResult();
        return true;
    }

    /// <summary>Consumes a read that ended with the stream, after the stream was disposed.</summary>
    public void Observe()
    {
        if (!IsPending)
        {
            return;
        }

        IsPending = false;
        try
        {
            if (_read.IsCompleted)
            {
                _read.GetAwaiter().GetResult();
            }
        }
        catch (Exception over) when (Failures.IsOfLink(over))
        {
            _read = default; // The read ended with the link that the caller just closed.
        }
    }
}
