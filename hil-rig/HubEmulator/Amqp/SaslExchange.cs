using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Text;
using Amqp;
using Amqp.Sasl;
using Amqp.Types;
using AmqpEncoder = Amqp.Types.Encoder;

namespace HubEmulator.Amqp;

/// <summary>
/// The exchange before AMQP (AMQP 1.0 part 5, section 5.3). A client may leave it out, which one SDK does. ANONYMOUS, EXTERNAL and MSSBCBS let in
/// whoever puts a token later; PLAIN brings one at once.
/// </summary>
internal sealed class SaslExchange(IDuplexPipe pipe, Func<string, string, bool> logIn)
{
    private const int LongestFrame = 8 * 1024;
    private const byte SaslFrame = 1;
    private const string Plain = "PLAIN";
    private static readonly string[] Mechanisms = ["MSSBCBS", Plain, "ANONYMOUS", "EXTERNAL"];
    private static readonly byte[] AmqpHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 0, 1, 0, 0];
    private static readonly byte[] SaslHeader = [(byte)'A', (byte)'M', (byte)'Q', (byte)'P', 3, 1, 0, 0];

    /// <summary>Goes through the exchange, up to the protocol header of AMQP, which stays in the pipe.</summary>
    /// <returns>False when the client is not let in, or is no AMQP client; then the connection must end.</returns>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        byte[]? header = await ReadAsync(AmqpHeader.Length, consume: false, cancellationToken);
        if (header is null || header.AsSpan().SequenceEqual(AmqpHeader))
        {
            return header is not null;
        }

        await ReadAsync(header.Length, consume: true, cancellationToken);
        await pipe.Output.WriteAsync(SaslHeader, cancellationToken); // tells a client of another protocol what is spoken here
        if (!header.AsSpan().SequenceEqual(SaslHeader))
        {
            return false;
        }

        await SendAsync(new SaslMechanisms { SaslServerMechanisms = [.. Mechanisms.Select(name => new Symbol(name))] }, cancellationToken);
        bool isIn = await ReadInitAsync(cancellationToken) is { } init && IsLetIn(init);
        await SendAsync(new SaslOutcome { Code = isIn ? SaslCode.Ok : SaslCode.Auth }, cancellationToken);
        return isIn;
    }

    private bool IsLetIn(SaslInit init)
    {
        string mechanism = init.Mechanism?.ToString() ?? "";
        if (mechanism != Plain)
        {
            return Mechanisms.Contains(mechanism);
        }

        string[] parts = Encoding.UTF8.GetString(init.InitialResponse ?? []).Split('\0'); // [authzid] NUL authcid NUL passwd: RFC 4616
        return parts.Length == 3 && logIn(parts[1], parts[2]);
    }

    private async Task<SaslInit?> ReadInitAsync(CancellationToken cancellationToken)
    {
        if (await ReadAsync(sizeof(int), consume: false, cancellationToken) is not { } size)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadInt32BigEndian(size);
        if (length is < TransferFrame.HeaderBytes or > LongestFrame || await ReadAsync(length, consume: true, cancellationToken) is not { } frame)
        {
            return null;
        }

        byte[] body = frame[TransferFrame.HeaderBytes..];
        if (frame[5] != SaslFrame || AmqpEncoding.Measure(body) != body.Length)
        {
            return null;
        }

        try
        {
            return AmqpEncoder.ReadObject(new ByteBuffer(body, 0, body.Length, body.Length)) as SaslInit;
        }
        catch (Exception malformed) when (malformed is AmqpException or InvalidCastException or ArgumentException or InvalidOperationException)
        {
            return null; // sound in its form, but no performative
        }
    }

    private async Task SendAsync(DescribedList performative, CancellationToken cancellationToken)
    {
        var body = new ByteBuffer(128, autoGrow: true);
        performative.Encode(body);
        byte[] frame = new byte[TransferFrame.HeaderBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length);
        frame[4] = 2; // the length of the header in words of four bytes
        frame[5] = SaslFrame;
        body.Buffer.AsSpan(body.Offset, body.Length).CopyTo(frame.AsSpan(TransferFrame.HeaderBytes));
        await pipe.Output.WriteAsync(frame, cancellationToken);
    }

    /// <returns>Exactly so many bytes, or null when the client closes before.</returns>
    private async Task<byte[]?> ReadAsync(int length, bool consume, CancellationToken cancellationToken)
    {
        ReadResult read = await pipe.Input.ReadAtLeastAsync(length, cancellationToken);
        if (read.Buffer.Length < length)
        {
            pipe.Input.AdvanceTo(read.Buffer.End);
            return null;
        }

        ReadOnlySequence<byte> wanted = read.Buffer.Slice(0, length);
        byte[] bytes = wanted.ToArray();
        pipe.Input.AdvanceTo(consume ? wanted.End : read.Buffer.Start);
        return bytes;
    }
}
