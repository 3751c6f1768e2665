using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace HubEmulator.State;

/// <summary>Keeps <c>hub.json</c> in step with the identities, a moment behind, so that no service waits for a file that lists all devices.</summary>
internal sealed partial class HubFileKeeper(Action write, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> _touched = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private Task _writing = Task.CompletedTask;

    /// <summary>Writes the file at once, and from then on after changes.</summary>
    /// <exception cref="LocalHubException">It cannot be written.</exception>
    public void Start()
    {
        write();
        _writing = WriteWhenTouchedAsync();
    }

    /// <summary>Says that the file is no longer right. Cheap; callable from anywhere.</summary>
    public void Touch() => _touched.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        if (_touched.Reader.TryRead(out _))
        {
            TryWrite();
        }

        _stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "hub.json could not be written; the next change tries again.")]
    private partial void LogNotWritten(Exception cause);

    private async Task WriteWhenTouchedAsync()
    {
        try
        {
            while (await _touched.Reader.WaitToReadAsync(_stopping.Token))
            {
                await Task.Delay(GatherTime, clock, _stopping.Token);
                _touched.Reader.TryRead(out _);
                TryWrite();
            }
        }
        catch (OperationCanceledException)
        {
            // The hub is being disposed, which writes once more where that is due.
        }
    }

    private void TryWrite()
    {
        try
        {
            write();
        }
        catch (LocalHubException failed)
        {
            LogNotWritten(failed);
        }
    }
}
