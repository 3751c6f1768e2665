using System.IO.Pipelines;
using System.Net.WebSockets;

namespace HubEmulator.Listening;

/// <summary>
/// A WebSocket as a stream of bytes in both directions. A packet may span messages and frames, and a message may hold several packets,
/// so the boundaries of messages mean nothing and are dropped.
/// </summary>
internal sealed class WebSocketPipe(WebSocket socket) : IDuplexPipe
{
    private const int ReadBytes = 4096;

    private readonly Pipe _arriving = new();
    private readonly Pipe _leaving = new();

    public PipeReader Input => _arriving.Reader;

    public PipeWriter Output => _leaving.Writer;

    /// <summary>Carries bytes from the socket to <see cref="Input"/> until the client closes, the reader has gone, or the token is cancelled.</summary>
    /// <param name="onText">Asked to end the connection when a text message comes, which has no place here.</param>
    /// <param name="cancellationToken">Ends the reading, and the socket with it.</param>
    public async Task ReceiveAsync(Action onText, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(_arriving.Writer.GetMemory(ReadBytes), cancellationToken);
                if (received.MessageType != WebSocketMessageType.Binary)
                {
                    if (received.MessageType == WebSocketMessageType.Text)
                    {
                        onText();
                    }

                    break;
                }

                _arriving.Writer.Advance(received.Count);
                if ((await _arriving.Writer.FlushAsync(cancellationToken)).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception lost) when (lost is WebSocketException or IOException or OperationCanceledException)
        {
            // The end of the stream is all that the reader needs to know.
        }

        await _arriving.Writer.CompleteAsync();
    }

    /// <summary>Carries bytes from <see cref="Output"/> to the socket, a binary message for each flush or more, until the writer has completed or the token is cancelled.</summary>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            ReadResult written;
            do
            {
                written = await _leaving.Reader.ReadAsync(cancellationToken);
                foreach (ReadOnlyMemory<byte> part in written.Buffer)
                {
                    await socket.SendAsync(part, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);
                }

                _leaving.Reader.AdvanceTo(written.Buffer.End);
            }
            while (!written.IsCompleted);
        }
        catch (Exception lost) when (lost is WebSocketException or IOException or OperationCanceledException)
        {
            // The writer learns it from the completed reader.
        }

        await _leaving.Reader.CompleteAsync();
    }
}
