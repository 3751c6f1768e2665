using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Types;
using HubEmulator.Tests.Live;
using AmqpEncoder = Amqp.Types.Encoder;

namespace HubEmulator.Tests.Amqp;

/// <summary>A TLS connection to the AMQP port without a client on it.</summary>
internal sealed class AmqpWire : IAsyncDisposable
{
    public static readonly byte[] Header = [.. "AMQP"u8, 0, 1, 0, 0];
    public static readonly byte[] SaslHeader = [.. "AMQP"u8, 3, 1, 0, 0];

    private readonly TcpClient _client = new();
    private SslStream _stream = null!;

    public static async Task<AmqpWire> OpenAsync(TestHub hub, int? receiveBuffer = null)
    {
        var wire = new AmqpWire();
        if (receiveBuffer is { } bytes)
        {
            wire._client.ReceiveBufferSize = bytes;
        }

        await wire._client.ConnectAsync("127.0.0.1", hub.Hub.AmqpPort, TestContext.Current.CancellationToken);
        wire._stream = new SslStream(wire._client.GetStream());
        var options = new SslClientAuthenticationOptions { TargetHost = hub.Hub.HostName, CertificateChainPolicy = hub.Trust() };
        await wire._stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return wire;
    }

    /// <summary>A frame of AMQP on a channel, its size in front.</summary>
    public static byte[] Frame(byte[] performative, byte[]? payload = null, byte channel = 0)
    {
        byte[] body = [.. performative, .. payload ?? []];
        int size = 8 + body.Length;
        return [(byte)(size >> 24), (byte)(size >> 16), (byte)(size >> 8), (byte)size, 2, 0, 0, channel, .. body];
    }

    public static byte[] Frame(DescribedList performative, byte[]? payload = null, byte channel = 0)
    {
        var buffer = new ByteBuffer(128, autoGrow: true);
        performative.Encode(buffer);
        return Frame(buffer.Buffer.AsSpan(buffer.Offset, buffer.Length).ToArray(), payload, channel);
    }

    /// <summary><c>open</c>, <c>begin</c>, and a sender to <c>$cbs</c> with handle 0.</summary>
    public static byte[] Opening() =>
    [
        .. Header,
        .. Frame(new Open { ContainerId = "x", HostName = "hub.localhost" }),
        .. Frame(new Begin { NextOutgoingId = 0, IncomingWindow = 4096, OutgoingWindow = 100, HandleMax = 10 }),
        .. Frame(new Attach { LinkName = "s", Handle = 0, Role = false, Source = new Source(), Target = new Target { Address = "$cbs" }, InitialDeliveryCount = 0 }),
    ];

    /// <summary>A part of a message to <c>$cbs</c>.</summary>
    public static byte[] Part(byte[] payload, bool more = false, uint handle = 0, byte channel = 0) =>
        Frame(new Transfer { Handle = handle, DeliveryId = 0, DeliveryTag = [0], More = more }, payload, channel);

    public Task SendAsync(byte[] bytes) => _stream.WriteAsync(bytes, TestContext.Current.CancellationToken).AsTask();

    public async Task<byte[]> ReceiveAsync(int length)
    {
        byte[] bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken).AsTask().WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        return bytes;
    }

    /// <summary>The next performative; what is behind it in the frame is skipped.</summary>
    public async Task<Described> ReceivePerformativeAsync()
    {
        byte[] header = await ReceiveAsync(8);
        byte[] body = await ReceiveAsync(((header[2] << 8) | header[3]) - header.Length);
        return (Described)AmqpEncoder.ReadObject(new ByteBuffer(body, 0, body.Length, body.Length));
    }

    /// <summary>What still comes until the hub ends the connection, as text of one letter for each byte.</summary>
    public async Task<string> ReceiveToEndAsync()
    {
        using var rest = new MemoryStream();
        try
        {
            await _stream.CopyToAsync(rest, TestContext.Current.CancellationToken).WaitAsync(TestHub.Deadline, TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // Dropped rather than closed; either is an end.
        }

        return Encoding.Latin1.GetString(rest.ToArray());
    }

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
