using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Node.Host.Dashboard.Events;

/// <summary>One listener's bounded queue.</summary>
internal sealed class EventClient
{
    /// <summary>How many events may wait for it.</summary>
    public const int MostWaiting = 256;

    private readonly Channel<byte[]> _frames = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });

    /// <summary>Queues an event; <see langword="false"/> when it has fallen too far behind, which ends it.</summary>
    public bool Offer(byte[] frame)
    {
        bool fits = _frames.Writer.TryWrite(frame);
        if (!fits)
        {
            _frames.Writer.TryComplete();
        }

        return fits;
    }

    public bool TryTake([NotNullWhen(true)] out byte[]? frame) => _frames.Reader.TryRead(out frame);

    /// <summary>Waits for an event; <see langword="false"/> when none will come any more.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken) => _frames.Reader.WaitToReadAsync(cancellationToken);
}
