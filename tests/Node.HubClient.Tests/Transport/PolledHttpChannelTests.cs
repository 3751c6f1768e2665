using System.Text;
using Node.HubClient.Connection;
using Node.HubClient.Tests.Support;
using Node.HubClient.Transport;

namespace Node.HubClient.Tests.Transport;

/// <summary>HTTPS over the polled link, on loopback. Real time enters as a deadline only.</summary>
public sealed class PolledHttpChannelTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Exchanges_with_one_host_share_a_connection()
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server);
        server.Answers.Enqueue(Ok);
        server.Answers.Enqueue("HTTP/1.1 404 Not Found\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ngone\r\n0\r\n\r\n");
        server.Answers.Enqueue(Ok);

        HttpOutcome[] outcomes = [Exchange(channel, server), Exchange(channel, server, new byte[300_000]), Exchange(channel, server)];

        Assert.Equal([200, 404, 200], outcomes.Select(outcome => outcome.Status));
        Assert.Equal("gone", Encoding.ASCII.GetString(outcomes[1].Body.Span));
        Assert.Equal(1, server.Connections);
        Assert.Equal(["PUT /a?b HTTP/1.1 +0", "PUT /a?b HTTP/1.1 +300000", "PUT /a?b HTTP/1.1 +0"], server.Requests);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more")]
    public async Task A_connection_that_is_not_to_be_kept_is_not_used_again(string answer)
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server);
        server.Answers.Enqueue(answer);
        server.Answers.Enqueue(Ok);

        Exchange(channel, server);
        HttpOutcome second = Exchange(channel, server);

        Assert.Equal(200, second.Status);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_kept_connection_that_the_peer_has_closed_meanwhile_costs_no_failure()
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server);
        server.Answers.Enqueue(Ok);
        server.Answers.Enqueue(null);
        server.Answers.Enqueue(Ok);

        Exchange(channel, server);
        HttpOutcome second = Exchange(channel, server, new byte[100_000]);

        Assert.Equal(200, second.Status);
        Assert.Equal(2, server.Connections);
    }

    [Fact]
    public async Task A_new_connection_that_closes_without_an_answer_is_a_failure()
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server);
        server.Answers.Enqueue(null);

        HttpOutcome outcome = Exchange(channel, server);

        Assert.Equal(0, outcome.Status);
        Assert.True(outcome.MayPass);
        Assert.Contains("connection ended", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_at_the_time_out()
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server, TimeSpan.FromMilliseconds(200));

        HttpOutcome outcome = Exchange(channel, server);

        Assert.Equal(0, outcome.Status);
        Assert.Contains("no answer within", outcome.Failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Retry_after_and_the_servers_clock_are_read()
    {
        await using var server = new LoopbackHttps();
        using PolledHttpChannel channel = Channel(server);
        server.Answers.Enqueue("HTTP/1.1 429 Slow down\r\nRetry-After: 17\r\nDate: Tue, 24 Nov 2026 10:11:12 GMT\r\nContent-Length: 0\r\n\r\n");

        HttpOutcome outcome = Exchange(channel, server);

        Assert.Equal(TimeSpan.FromSeconds(17), outcome.RetryAfter);
        Assert.Equal(new DateTimeOffset(2026, 11, 24, 10, 11, 12, TimeSpan.Zero), outcome.Date);
    }

    [Fact]
    public void A_host_that_is_not_there_is_a_failure()
    {
        using var channel = new PolledHttpChannel(() => new LinkRoute(), TimeSpan.FromSeconds(20), "test", TimeProvider.System);
        channel.Begin(new HttpRequest { Host = "no-such-host.invalid", Port = 443, Method = "GET", Target = "/" });

        HttpOutcome outcome = End(channel);

        Assert.Equal(0, outcome.Status);
        Assert.Contains("no-such-host.invalid", outcome.Failure, StringComparison.Ordinal);
    }

    private static PolledHttpChannel Channel(LoopbackHttps server, TimeSpan? timeout = null) =>
        new(() => new LinkRoute { Roots = TrustedRoots.Parse(server.RootPem) }, timeout ?? Deadline, "test\r\nEvil: 1", TimeProvider.System);

    private static HttpOutcome Exchange(PolledHttpChannel channel, LoopbackHttps server, byte[]? body = null)
    {
        channel.Begin(new HttpRequest { Host = "hub.localhost", Port = server.Port, Method = "PUT", Target = "/a?b", Body = body ?? [] });
        return End(channel);
    }

    private static HttpOutcome End(PolledHttpChannel channel)
    {
        long start = TimeProvider.System.GetTimestamp();
        HttpOutcome? outcome;
        while (!channel.TryEnd(out outcome))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }

        return outcome;
    }
}
