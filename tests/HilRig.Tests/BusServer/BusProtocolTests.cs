using System.Buffers.Binary;
using System.Device.I2c;
using System.Net;
using System.Net.Sockets;
using HilRig.BusServer;
using Node.Sensors.Bus;
using Node.Sensors.Bus.Remote;

namespace HilRig.Tests.BusServer;

/// <summary>The protocol from bare sockets: what is refused, on both sides, and that nobody waits for ever.</summary>
public sealed class BusProtocolTests
{
    private static readonly byte[] Hello = [.. Length(11), 0x01, 0, 0, 0, 0, .. "SNRB"u8, 1, 0];

    [Fact]
    public async Task A_greeting_is_answered_as_documented()
    {
        await using var fixture = new ServedBoardFixture();
        using Socket peer = Connect(fixture);

        peer.Send(Hello);
        byte[] answer = Receive(peer);

        Assert.Equal(0x81, answer[0]);
        Assert.Equal(0, BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(5)));
        Assert.Equal(1, BinaryPrimitives.ReadUInt16LittleEndian(answer.AsSpan(9)));
    }

    [Fact]
    public async Task Another_version_is_refused_in_words()
    {
        await using var fixture = new ServedBoardFixture();
        using Socket peer = Connect(fixture);

        peer.Send([.. Length(11), 0x01, 7, 0, 0, 0, .. "SNRB"u8, 2, 0]);
        byte[] answer = Receive(peer);

        Assert.Equal(93, BinaryPrimitives.ReadInt32LittleEndian(answer.AsSpan(5)));
        Assert.Contains("version 1", System.Text.Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        Assert.True(IsClosed(peer));
    }

    public static TheoryData<string, byte[]> Garbage => new()
    {
        { "no greeting", [.. Length(7), 0x02, 1, 0, 0, 0, 1, 0] },
        { "a greeting without the mark", [.. Length(11), 0x01, 0, 0, 0, 0, .. "HTTP"u8, 1, 0] },
        { "a greeting that ends early", [.. Length(8), 0x01, 0, 0, 0, 0, .. "SNR"u8] },
        { "another protocol", [.. "GET / HTTP/1.1\r\n\r\n"u8] },
        { "a length of nothing", [.. Length(0)] },
        { "a length beyond every bound", [.. Length(int.MaxValue)] },
        { "an unknown kind", [.. Hello, .. Length(5), 0x33, 1, 0, 0, 0] },
        { "no messages", [.. Hello, .. Length(8), 0x02, 1, 0, 0, 0, 1, 0, 0] },
        { "too many messages", [.. Hello, .. Length(8), 0x02, 1, 0, 0, 0, 1, 0, 255] },
        { "a message that ends early", [.. Hello, .. Length(14), 0x02, 1, 0, 0, 0, 1, 0, 1, 0x76, 0, 0, 200, 0, 1] },
        { "bytes after the end", [.. Hello, .. Length(6), 0x0B, 1, 0, 0, 0, 9] },
        { "an SPI length that lies", [.. Hello, .. Length(17), 0x03, 1, 0, 0, 0, 0, 0, 0, 3, 8, 0, 0, 1, 0, 9, 9, 1] },
        { "a line that does not exist", [.. Hello, .. Length(7), 0x08, 1, 0, 0, 0, 200, 0] },
        { "a mode that does not exist", [.. Hello, .. Length(14), 0x04, 1, 0, 0, 0, 5, 0, 9, 0, 0, 0, 0, 0, 0] },
        { "a consumer beyond its bound", [.. Hello, .. Length(14), 0x04, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0, 200] },
        { "a PWM request that ends early", [.. Hello, .. Length(9), 0x0C, 1, 0, 0, 0, 0, 0, 0, 0] },
        { "no lines to read", [.. Hello, .. Length(6), 0x06, 1, 0, 0, 0, 0] },
    };

    [Theory, MemberData(nameof(Garbage))]
    public async Task Garbage_ends_its_own_connection_and_nothing_else(string what, byte[] bytes)
    {
        await using var fixture = new ServedBoardFixture();
        using RemoteBusProvider remote = fixture.Connect();
        using Socket peer = Connect(fixture);

        peer.Send(bytes);

        Assert.True(IsClosed(peer), what);
        using I2cDevice chip = remote.OpenI2c(1, 0x76);
        byte[] id = new byte[1];
        chip.WriteRead([0xD0], id);
        Assert.Equal(0x60, id[0]);
    }

    [Fact]
    public async Task Random_frames_never_upset_the_server()
    {
        await using var fixture = new ServedBoardFixture();
        var random = new Random(20_261);
        for (int i = 0; i < 300; i++)
        {
            byte[] body = new byte[random.Next(5, 80)];
            random.NextBytes(body);
            body[0] = (byte)random.Next(1, 0x10);
            using Socket peer = Connect(fixture);
            peer.Send([.. Hello, .. Length(body.Length), .. body]);
            peer.Shutdown(SocketShutdown.Send);
            Receive(peer);
        }

        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice chip = remote.OpenI2c(1, 0x68);
        byte[] id = new byte[1];
        chip.WriteRead([0x75], id);

        Assert.Equal(0x68, id[0]);
    }

    [Fact]
    public void A_server_that_says_nothing_costs_the_time_limit_and_no_more()
    {
        using Socket silent = Silent(out RemoteBusEndpoint endpoint);
        using var remote = new RemoteBusProvider(new RemoteBusOptions { Endpoint = endpoint, RequestTimeout = TimeSpan.FromMilliseconds(50) }, TimeProvider.System);
        using I2cDevice chip = remote.OpenI2c(1, 0x76);

        SensorException failure = Assert.Throws<SensorException>(() => chip.ReadByte());

        Assert.Contains("no answer within 0.05 s", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0x7F })]
    [InlineData(new byte[] { 1, 0, 0, 0, 9 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0x82, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0x81, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task A_server_that_talks_nonsense_is_refused(byte[] nonsense)
    {
        using Socket listener = Silent(out RemoteBusEndpoint endpoint);
        using var remote = new RemoteBusProvider(new RemoteBusOptions { Endpoint = endpoint }, TimeProvider.System);
        using I2cDevice chip = remote.OpenI2c(1, 0x76);
        Task answering = Task.Run(
            () =>
            {
                using Socket peer = listener.Accept();
                peer.Send(nonsense);
                peer.Receive(new byte[100]);
            },
            TestContext.Current.CancellationToken);

        SensorException failure = Assert.Throws<SensorException>(() => chip.ReadByte());
        await answering;

        Assert.Equal(SensorFault.BusUnavailable, failure.Fault);
        Assert.Contains("does not speak the protocol", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("unix:/run/bus.sock", "unix:/run/bus.sock")]
    [InlineData("tcp:127.0.0.1:7000", "tcp:127.0.0.1:7000")]
    [InlineData("TCP:localhost:0", "tcp:localhost:0")]
    [InlineData("tcp:[::1]:7000", "tcp:[::1]:7000")]
    public void An_address_is_read_and_written(string text, string again)
    {
        Assert.True(RemoteBusEndpoint.TryParse(text, out RemoteBusEndpoint? endpoint, out _));
        Assert.Equal(again, endpoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("tcp:host")]
    [InlineData("tcp::70")]
    [InlineData("tcp:host:70000")]
    [InlineData("tcp:host:-1")]
    [InlineData("/run/bus.sock")]
    public void What_is_no_address_is_told(string text)
    {
        Assert.False(RemoteBusEndpoint.TryParse(text, out _, out string? fault));
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void A_socket_path_longer_than_the_system_allows_is_told() =>
        Assert.False(RemoteBusEndpoint.TryParse("unix:/" + new string('a', 107), out _, out _));

    [Fact]
    public async Task A_second_server_at_the_same_address_is_refused_and_a_left_over_file_replaced()
    {
        await using var fixture = new ServedBoardFixture();

        RigException taken = Assert.Throws<RigException>(() => ServedBoard.Start(fixture.Served.Board, fixture.Served.Endpoint, TimeProvider.System));
        await fixture.Served.StopListeningAsync();
        using (Socket killed = fixture.Served.Endpoint.CreateSocket()) { killed.Bind(fixture.Served.Endpoint.Resolve()); }
        fixture.Served.ResumeListening();

        Assert.Contains("another server", taken.Message, StringComparison.Ordinal);
        using RemoteBusProvider remote = fixture.Connect();
        using I2cDevice chip = remote.OpenI2c(1, 0x76);
        chip.WriteByte(0xD0);
    }

    private static byte[] Length(int length)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, length);
        return bytes;
    }

    private static Socket Connect(ServedBoardFixture fixture)
    {
        Socket socket = fixture.Served.Endpoint.CreateSocket();
        socket.Connect(fixture.Served.Endpoint.Resolve());
        socket.ReceiveTimeout = 60_000;
        return socket;
    }

    private static Socket Silent(out RemoteBusEndpoint endpoint)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        socket.Listen(4);
        Assert.True(RemoteBusEndpoint.TryParse($"tcp:127.0.0.1:{((IPEndPoint)socket.LocalEndPoint!).Port}", out RemoteBusEndpoint? found, out _));
        endpoint = found;
        return socket;
    }

    private static byte[] Receive(Socket peer)
    {
        byte[] length = new byte[4];
        if (peer.Receive(length) < 4)
        {
            return [];
        }
        byte[] frame = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        for (int got = 0; got < frame.Length;)
        {
            got += peer.Receive(frame.AsSpan(got));
        }
        return frame;
    }

    // Answers that were sent before the end are read over.
    private static bool IsClosed(Socket peer)
    {
        byte[] rest = new byte[1000];
        try
        {
            while (peer.Receive(rest) > 0)
            {
                continue;
            }
            return true;
        }
        catch (SocketException fault)
        {
            return fault.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown;
        }
    }
}
