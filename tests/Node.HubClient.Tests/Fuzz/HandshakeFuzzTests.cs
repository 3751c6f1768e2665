using System.Text;
using CsCheck;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Fuzz;

/// <summary>Whatever a server or a proxy answers to a handshake, it is agreed to, waited for, or refused with an <see cref="IOException"/>.</summary>
public sealed class HandshakeFuzzTests
{
    private const string Agreed = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: {0}\r\nSec-WebSocket-Protocol: mqtt\r\n\r\n";
    private const string Tunnelled = "HTTP/1.1 200 Connection established\r\nVia: proxy\r\n\r\n";
    private static readonly LinkEndpoint Hub = new("hub.localhost", 443);

    [Fact]
    public void Any_answer_to_an_upgrade_is_an_agreement_or_a_refusal() => Inputs.Bytes.Sample(bytes => { Upgrade(_ => bytes); }, iter: 20_000, print: Inputs.Print);

    [Fact]
    public void Any_answer_to_a_tunnel_is_an_agreement_or_a_refusal() => Inputs.Bytes.Sample(bytes => { Tunnel(bytes); }, iter: 20_000, print: Inputs.Print);

    [Fact]
    public void An_upgrade_is_agreed_to_by_the_whole_answer_alone()
    {
        byte[] whole = Upgraded("{0}");
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(Upgrade(key => Upgraded(key)[..length]));
        }

        Assert.True(Upgrade(Upgraded));
    }

    [Fact]
    public void No_changed_letter_in_what_the_upgrade_depends_on_is_agreed_to()
    {
        string answer = Agreed;
        foreach (string needed in (string[])["HTTP/1.1 101", "websocket", "Upgrade\r\nSec", "Sec-WebSocket-Accept", "mqtt"])
        {
            int start = answer.IndexOf(needed, StringComparison.Ordinal);
            for (int at = start; at < start + needed.Length; at++)
            {
                if (answer[at] is not ('.' or '\r' or '\n') && at != start + 7) // The minor version may be another one.
                {
                    string changed = answer[..at] + (char)(answer[at] ^ 1) + answer[(at + 1)..];
                    Assert.False(Upgrade(key => Encoding.ASCII.GetBytes(changed.Replace("{0}", key, StringComparison.Ordinal))), changed);
                }
            }
        }
    }

    [Fact]
    public void A_tunnel_stands_with_the_whole_answer_alone()
    {
        byte[] whole = Encoding.ASCII.GetBytes(Tunnelled);
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.False(Tunnel(whole[..length]));
        }

        Assert.True(Tunnel(whole));
    }

    private static byte[] Upgraded(string accept) => Encoding.ASCII.GetBytes(Agreed.Replace("{0}", accept, StringComparison.Ordinal));

    /// <summary>True when agreed to; false when refused, as only documented.</summary>
    private static bool Upgrade(Func<string, byte[]> answer)
    {
        using var peer = new Peer();
        var upgrade = new WebSocketUpgrade(peer, Hub);
        string key = Encoding.ASCII.GetString(peer.Asked).Split("Sec-WebSocket-Key: ")[1].Split("\r\n")[0];
        peer.Answer = answer(WebSocketUpgrade.Accept(key));
        return Ends(() => upgrade.Poll() is not null);
    }

    private static bool Tunnel(byte[] answer)
    {
        using var peer = new Peer { Answer = answer };
        var tunnel = new ProxyTunnel(peer, new HttpProxy { Host = "proxy.localhost", Port = 3128, UserName = "u", Password = "secret" }, Hub);
        return Ends(tunnel.Poll);
    }

    private static bool Ends(Func<bool> poll)
    {
        try
        {
            for (int turn = 0; turn < 100_000; turn++)
            {
                if (poll())
                {
                    return true;
                }
            }

            throw new InvalidOperationException("The handshake does not end.");
        }
        catch (IOException refused)
        {
            Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
            return false;
        }
    }

    /// <summary>Takes what is asked, and answers in pieces, then closes.</summary>
    private sealed class Peer : MemoryStream
    {
        private int _answered;

        public byte[] Asked { get; private set; } = [];

        public byte[] Answer { get; set; } = [];

        public override void Write(byte[] buffer, int offset, int count) => Asked = [.. Asked, .. buffer.AsSpan(offset, count)];

        public override void Write(ReadOnlySpan<byte> buffer) => Asked = [.. Asked, .. buffer];

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int length = Math.Min(Math.Min(7, buffer.Length), Answer.Length - _answered);
            Answer.AsSpan(_answered, length).CopyTo(buffer.Span);
            _answered += length;
            return ValueTask.FromResult(length);
        }
    }
}
