using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Node.Host.Composition;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Dashboard;

/// <summary>Requests that somebody means ill with, against the real program.</summary>
public sealed class HostileRequestTests
{
    private const string Token = "correct-horse";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_rebound_name_reads_nothing_and_probes_are_answered_all_the_same()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__AllowedHosts", "node.example.com; *.fleet.example"));
        RunningNode running = await node.ListeningAsync(Cancelled);

        (HttpStatusCode evil, string told) = await AskAsync(running, "/api/status", "evil.example");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, evil);
        Assert.Contains("Node:Http:AllowedHosts", told, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await AskAsync(running, "/", "evil.example")).Status);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await AskAsync(running, "/events", "evil.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(running, "/healthz", "evil.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(running, "/api/status", "node.example.com")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(running, "/api/status", "7.fleet.example")).Status);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(running, "/api/status", "sensornode.local:8080")).Status);
    }

    [Fact]
    public async Task A_page_of_another_origin_switches_nothing_even_with_the_token()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__Token", Token));
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"x:{Token}")));
        http.DefaultRequestHeaders.Add("Origin", "https://evil.example");

        using HttpResponseMessage forged = await http.PostAsync("/switch/led/turn_on", null, Cancelled);
        using HttpResponseMessage put = await http.PutAsync("/actuators/led", new StringContent("On"), Cancelled);
        using HttpResponseMessage scan = await http.PostAsync("/api/scan", null, Cancelled);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (forged.StatusCode, put.StatusCode, scan.StatusCode));
        Assert.Equal("Off", await http.GetStringAsync("/actuators/led", Cancelled));
        http.DefaultRequestHeaders.Remove("Origin");
        http.DefaultRequestHeaders.Add("Origin", running.HttpUrl);
        using HttpResponseMessage own = await http.PostAsync("/switch/led/turn_on", null, Cancelled);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task Who_guesses_tokens_is_not_listened_to_for_a_while()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__Token", Token));
        RunningNode running = await node.ListeningAsync(Cancelled);
        using var http = new HttpClient { BaseAddress = new Uri(running.HttpUrl) };
        List<HttpStatusCode> answers = [];
        for (int guess = 0; guess < 11; guess++)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", $"guess-{guess}");
            using HttpResponseMessage answer = await http.PostAsync("/switch/led/turn_on", null, Cancelled);
            answers.Add(answer.StatusCode);
        }

        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using HttpResponseMessage right = await http.PostAsync("/switch/led/turn_on", null, Cancelled);

        Assert.Equal(10, answers.Count(status => status == HttpStatusCode.Unauthorized));
        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests), (answers[^1], right.StatusCode));
        Assert.InRange(right.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        Assert.Equal("Off", await http.GetStringAsync("/actuators/led", Cancelled));
    }

    [Theory]
    [InlineData("GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404)]
    [InlineData("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", 404)]
    [InlineData("GET /api/history/..%2f..%2fetc%2fpasswd HTTP/1.1\r\nHost: x\r\n\r\n", 404)]
    [InlineData("GET /api/history/%00 HTTP/1.1\r\nHost: x\r\n\r\n", 400)]
    [InlineData("TRACE / HTTP/1.1\r\nHost: x\r\n\r\n", 405)]
    [InlineData("DELETE /actuators/led HTTP/1.1\r\nHost: x\r\n\r\n", 405)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("PUT /actuators/led HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nAuthorization: Bearer correct-horse\r\n\r\n", 413)]
    public async Task What_is_no_proper_request_is_refused_and_the_node_goes_on(string request, int status)
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"], ("Node__Http__Token", Token));
        var url = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl);

        Assert.Equal(status, await RawAsync(url, request));
        Assert.Equal(431, await RawAsync(url, $"GET / HTTP/1.1\r\nHost: x\r\nX: {new string('a', 40_000)}\r\n\r\n"));
        Assert.Equal(414, await RawAsync(url, $"GET /{new string('a', 40_000)} HTTP/1.1\r\nHost: x\r\n\r\n"));
        Assert.Equal(200, await RawAsync(url, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    [Fact]
    public async Task A_flood_of_connections_is_bounded_and_passes()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"]);
        var url = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl);
        List<TcpClient> flood = [];
        for (int connection = 0; connection < 300; connection++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(url.Host, url.Port, Cancelled);
            flood.Add(client);
        }

        byte[] buffer = new byte[1];
        Task<int>[] ends = [.. flood.Select(client => EndOf(client, buffer))];
        await Task.WhenAny(ends); // Kestrel closes what is beyond its bound.

        flood.ForEach(client => client.Dispose());
        int status = 0;
        await node.UntilAsync(() => (status = RawAsync(url, "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").GetAwaiter().GetResult()) == 200, Cancelled);
        Assert.Equal(200, status);
    }

    [Fact]
    public async Task A_look_without_a_body_is_answered_like_the_whole()
    {
        using var folder = new TemporaryFolder();
        using var node = new NodeProcess(folder.Path, ["run"]);
        using var http = new HttpClient { BaseAddress = new Uri((await node.ListeningAsync(Cancelled)).HttpUrl) };
        foreach (string path in new[] { "/", "/healthz", "/api/status", "/page.css" })
        {
            using HttpResponseMessage answer = await http.SendAsync(new HttpRequestMessage(HttpMethod.Head, path), Cancelled);

            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.True(answer.Content.Headers.ContentLength > 0, path);
        }

        using HttpResponseMessage nothing = await http.GetAsync("/favicon.ico", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, nothing.StatusCode);
        Assert.Contains("/api/status", await nothing.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private static async Task<int> EndOf(TcpClient client, byte[] buffer)
    {
        try
        {
            return await client.GetStream().ReadAsync(buffer, Cancelled);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException)
        {
            return 0;
        }
    }

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(RunningNode node, string path, string host)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, node.HttpUrl + path) { Headers = { Host = host } };
        using HttpResponseMessage answer = await http.SendAsync(request, Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    /// <summary>Sends bytes as they are and gives the status of the answer; 0 when the connection was closed without one.</summary>
    private static async Task<int> RawAsync(Uri url, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(url.Host, url.Port, Cancelled);
        NetworkStream stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), Cancelled);
        }
        catch (IOException)
        {
            // The node may refuse, and close, before it has read all of it.
        }

        using var lines = new StreamReader(stream);
        try
        {
            string? first = await lines.ReadLineAsync(Cancelled);
            return first is null ? 0 : int.Parse(first.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
