using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using HubEmulator.Blobs;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

/// <summary>The built-in store as plain HTTP, as device SDKs without a storage library speak it.</summary>
public sealed class BlobEndpointTests
{
    private const string HubFile = "hub.json";

    [Fact]
    public async Task Blocks_arrive_from_a_client_that_escapes_the_slash_of_the_name()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        (_, JsonNode? answer, _) = await hub.AskAsync("log.txt");
        string address = Escaped(answer!);

        using HttpResponseMessage first = await SendAsync(client, HttpMethod.Put, $"{address}&comp=block&blockid=ICAgICAw", "hel");
        using HttpResponseMessage second = await SendAsync(client, HttpMethod.Put, $"{address}&comp=block&blockid=ICAgICAx", "lo");
        using HttpResponseMessage list = await SendAsync(
            client, HttpMethod.Put, $"{address}&comp=blocklist", """<?xml version="1.0" encoding="utf-8"?><BlockList><Latest>ICAgICAw</Latest><Latest>ICAgICAx</Latest></BlockList>""");
        using HttpResponseMessage read = await SendAsync(client, HttpMethod.Get, UploadHub.AddressOf(answer!).ToString());

        Assert.All([first, second, list], one => Assert.Equal(HttpStatusCode.Created, one.StatusCode));
        Assert.NotNull(list.Headers.ETag);
        Assert.NotNull(list.Content.Headers.LastModified);
        Assert.NotNull(list.Headers.Date);
        Assert.All(["x-ms-request-id", "x-ms-version"], name => Assert.Single(list.Headers.GetValues(name)));
        Assert.Equal("hello", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(list.Headers.ETag, read.Headers.ETag);
        Assert.Equal("application/octet-stream", read.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("bytes=1-3", HttpStatusCode.PartialContent, "ell", "bytes 1-3/5")]
    [InlineData("bytes=3-99", HttpStatusCode.PartialContent, "lo", "bytes 3-4/5")]
    [InlineData("bytes=4-", HttpStatusCode.PartialContent, "o", "bytes 4-4/5")]
    [InlineData("bytes=-2", HttpStatusCode.PartialContent, "lo", "bytes 3-4/5")]
    [InlineData("bytes=0-1,3-4", HttpStatusCode.OK, "hello", null)]
    [InlineData("lines=1-2", HttpStatusCode.OK, "hello", null)]
    [InlineData("bytes=5-", HttpStatusCode.RequestedRangeNotSatisfiable, null, "bytes */5")]
    public async Task A_range_of_a_blob_is_read(string range, HttpStatusCode status, string? content, string? contentRange)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string address = await StoreAsync(hub, client, "hello");

        foreach (string header in new[] { "Range", "x-ms-range" })
        {
            using HttpResponseMessage read = await SendAsync(client, HttpMethod.Get, address, null, (header, range));

            Assert.Equal(status, read.StatusCode);
            Assert.Equal(contentRange, read.Content.Headers.ContentRange?.ToString());
            if (content is not null)
            {
                Assert.Equal(content, await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            }
        }
    }

    [Fact]
    public async Task A_head_answers_without_content_also_when_it_fails()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string address = await StoreAsync(hub, client, "hello");
        string missing = UploadHub.AddressOf((await hub.AskAsync("missing")).Body!).ToString();

        using HttpResponseMessage found = await SendAsync(client, HttpMethod.Head, address);
        using HttpResponseMessage absent = await SendAsync(client, HttpMethod.Head, missing);

        Assert.Equal((HttpStatusCode.OK, 5L), (found.StatusCode, found.Content.Headers.ContentLength));
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
        Assert.Equal("BlobNotFound", absent.Headers.GetValues("x-ms-error-code").Single());
        Assert.Empty(await absent.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_read_of_what_the_client_has_is_not_answered_again()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string address = await StoreAsync(hub, client, "hello");
        using HttpResponseMessage first = await SendAsync(client, HttpMethod.Head, address);

        using HttpResponseMessage again = await SendAsync(client, HttpMethod.Get, address, null, ("If-None-Match", first.Headers.ETag!.ToString()));
        using HttpResponseMessage other = await SendAsync(client, HttpMethod.Get, address, null, ("If-Match", "\"0x1\""));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(HttpStatusCode.PreconditionFailed, other.StatusCode);
    }

    [Fact]
    public async Task A_token_opens_one_blob_until_it_expires()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        using HttpClient client = hub.Client();
        string address = UploadHub.AddressOf((await hub.AskAsync("log.txt")).Body!).ToString();

        using HttpResponseMessage other = await PutAsync(client, address.Replace("log.txt", "log.txt2", StringComparison.Ordinal));
        using HttpResponseMessage bare = await PutAsync(client, address[..address.IndexOf('?', StringComparison.Ordinal)]);
        using HttpResponseMessage longer = await PutAsync(client, address.Replace("sp=rw", "sp=rwd", StringComparison.Ordinal));
        clock.Advance(TimeSpan.FromMinutes(59));
        using HttpResponseMessage inTime = await PutAsync(client, address);
        clock.Advance(TimeSpan.FromMinutes(1));
        using HttpResponseMessage late = await PutAsync(client, address);

        await AssertErrorAsync(other, 403, "AuthenticationFailed");
        await AssertErrorAsync(bare, 401, "NoAuthenticationInformation");
        await AssertErrorAsync(longer, 403, "AuthenticationFailed");
        Assert.Equal(HttpStatusCode.Created, inTime.StatusCode);
        await AssertErrorAsync(late, 403, "AuthenticationFailed");
    }

    [Fact]
    public async Task The_account_s_key_opens_what_it_signs_and_outlives_the_hub()
    {
        string folder = Directory.CreateTempSubdirectory("hub-tests-").FullName;
        try
        {
            string before;
            await using (TestHub hub = await TestHub.StartAsync(Options(folder)))
            {
                using HttpClient client = hub.Client();
                await StoreAsync(hub, client, "hello");
                before = Account(folder).Key;
            }

            await using TestHub again = await TestHub.StartAsync(Options(folder));
            using HttpClient later = again.Client();
            string Signed(string permissions, TimeSpan until) =>
                $"https://hub.localhost:{again.Hub.HttpsPort}/uploads/dev-01/log.txt" + BlobSas.Issue(Account(folder), "uploads", "dev-01/log.txt", permissions, TimeProvider.System.GetUtcNow() + until);

            using HttpResponseMessage writeOnly = await SendAsync(later, HttpMethod.Get, Signed("w", TimeSpan.FromHours(1)));
            using HttpResponseMessage expired = await SendAsync(later, HttpMethod.Get, Signed("r", TimeSpan.FromHours(-1)));
            using HttpResponseMessage read = await SendAsync(later, HttpMethod.Get, Signed("r", TimeSpan.FromHours(1)));
            using HttpResponseMessage kept = await SendAsync(later, HttpMethod.Delete, Signed("rw", TimeSpan.FromHours(1)));
            using HttpResponseMessage deleted = await SendAsync(later, HttpMethod.Delete, Signed("d", TimeSpan.FromHours(1)));
            using HttpResponseMessage gone = await SendAsync(later, HttpMethod.Delete, Signed("d", TimeSpan.FromHours(1)));

            Assert.Equal(before, Account(folder).Key);
            await AssertErrorAsync(writeOnly, 403, "AuthorizationPermissionMismatch");
            await AssertErrorAsync(expired, 403, "AuthenticationFailed");
            Assert.Equal("hello", await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            await AssertErrorAsync(kept, 403, "AuthorizationPermissionMismatch");
            Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
            await AssertErrorAsync(gone, 404, "BlobNotFound");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("PUT", "", "x-ms-blob-type: PageBlob", 400, "InvalidHeaderValue")]
    [InlineData("PUT", "", "", 400, "InvalidHeaderValue")]
    [InlineData("PUT", "", "x-ms-blob-type: BlockBlob; Content-MD5: AAAA", 400, "InvalidMd5")]
    [InlineData("PUT", "", "x-ms-blob-type: BlockBlob; Content-MD5: AAAAAAAAAAAAAAAAAAAAAA==", 400, "Md5Mismatch")]
    [InlineData("PUT", "&comp=block", "", 400, "InvalidQueryParameterValue")]
    [InlineData("PUT", "&comp=blocklist", "", 400, "InvalidXmlDocument")]
    [InlineData("PUT", "&comp=metadata", "", 400, "InvalidQueryParameterValue")]
    [InlineData("GET", "&comp=blocklist", "", 400, "InvalidQueryParameterValue")]
    [InlineData("GET", "", "", 404, "BlobNotFound")]
    [InlineData("POST", "", "", 405, "UnsupportedHttpVerb")]
    [InlineData("PUT", "&comp=block&blockid=AAAA", "Transfer-Encoding: chunked", 411, "MissingContentLengthHeader")]
    public async Task What_the_store_does_not_take_it_refuses_in_xml(string verb, string query, string headers, int status, string code)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string address = UploadHub.AddressOf((await hub.AskAsync("log.txt")).Body!) + query;
        (string, string)[] pairs = [.. headers.Split("; ", StringSplitOptions.RemoveEmptyEntries).Select(header => (header.Split(": ")[0], header.Split(": ")[1]))];

        using HttpResponseMessage answer = await SendAsync(client, new HttpMethod(verb), address, verb == "GET" ? null : "hello", pairs);

        await AssertErrorAsync(answer, status, code);
    }

    [Theory]
    [InlineData("/uploads/dev-01/log.txt", "elsewhere.example", "400 ", "InvalidUri")]
    [InlineData("/uploads/", "hub.localhost", "400 ", "InvalidUri")]
    [InlineData("/uploads/dev-01%00", "hub.localhost", "400 ", "")]
    [InlineData("/uploads/a/../../devices", "hub.localhost", "405 ", "MethodNotAllowed")]
    [InlineData("/uploads/dev-01/log.txt", "hub.localhost", "401 ", "NoAuthenticationInformation")]
    public async Task Host_and_path_must_name_a_blob(string path, string host, string status, string code)
    {
        await using TestHub hub = await TestHub.StartAsync();
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", hub.Hub.HttpsPort, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = hub.Hub.HostName, CertificateChainPolicy = hub.Trust() }, TestContext.Current.CancellationToken);

        await tls.WriteAsync(Encoding.ASCII.GetBytes($"PUT {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls, Encoding.UTF8);
        string answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 " + status, answer, StringComparison.Ordinal);
        Assert.Contains(code, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bodies_beyond_the_limit_of_other_calls_come_in_and_declared_ones_beyond_the_store_s_do_not()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string large = new('x', 3 * 1024 * 1024);
        string address = await StoreAsync(hub, client, large);
        using HttpResponseMessage read = await SendAsync(client, HttpMethod.Head, address);
        using HttpResponseMessage list = await AnnounceAsync(client, $"{address}&comp=blocklist", (8L << 20) + 1);
        using HttpResponseMessage block = await AnnounceAsync(client, $"{address}&comp=block&blockid=AAAA", (256L << 20) + 1);

        Assert.Equal(large.Length, read.Content.Headers.ContentLength);
        await AssertErrorAsync(list, 413, "RequestBodyTooLarge");
        await AssertErrorAsync(block, 413, "RequestBodyTooLarge");
    }

    [Fact]
    public async Task A_store_that_is_told_to_fail_fails_so_often_and_then_works()
    {
        await using TestHub hub = await TestHub.StartAsync();
        using HttpClient client = hub.Client();
        string address = UploadHub.AddressOf((await hub.AskAsync("log.txt")).Body!).ToString();

        hub.Hub.FailStorageRequests(2, 418);
        using HttpResponseMessage first = await PutAsync(client, address);
        using HttpResponseMessage second = await PutAsync(client, address);
        using HttpResponseMessage third = await PutAsync(client, address);

        await AssertErrorAsync(first, 418, "InjectedFault");
        await AssertErrorAsync(second, 418, "InjectedFault");
        Assert.Equal(HttpStatusCode.Created, third.StatusCode);
        Assert.Throws<ArgumentOutOfRangeException>(() => hub.Hub.FailStorageRequests(-1, 500));
        Assert.Throws<ArgumentOutOfRangeException>(() => hub.Hub.FailStorageRequests(1, 399));
        Assert.Throws<ArgumentOutOfRangeException>(() => hub.Hub.FailStorageRequests(1, 600));
    }

    private static LocalHubOptions Options(string folder) => new() { DataFolder = folder, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)] };

    private static BlobAccount Account(string folder) =>
        new(BlobAccount.BuiltInName, (string)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, HubFile)))!["storage"]!["key"]!);

    private static string Escaped(JsonNode answer) =>
        $"https://{(string)answer["hostName"]!}/uploads/{((string)answer["blobName"]!).Replace("/", "%2f", StringComparison.Ordinal)}{(string)answer["sasToken"]!}";

    private static async Task<string> StoreAsync(TestHub hub, HttpClient client, string content)
    {
        string address = UploadHub.AddressOf((await hub.AskAsync("log.txt")).Body!).ToString();
        using HttpResponseMessage stored = await PutAsync(client, address, content);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);
        return address;
    }

    private static Task<HttpResponseMessage> PutAsync(HttpClient client, string address, string content = "hello") =>
        SendAsync(client, HttpMethod.Put, address, content, ("x-ms-blob-type", "BlockBlob"));

    private static async Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string address, string? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address) { Content = content is null ? null : new ByteArrayContent(Encoding.UTF8.GetBytes(content)) };
        foreach ((string name, string value) in headers)
        {
            _ = request.Headers.TryAddWithoutValidation(name, value) || request.Content!.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>Says how long a body will be, and sends none of it before the answer.</summary>
    private static async Task<HttpResponseMessage> AnnounceAsync(HttpClient client, string address, long length)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, address) { Content = new StreamContent(Stream.Null) { Headers = { ContentLength = length } } };
        request.Headers.ExpectContinue = true;
        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static async Task AssertErrorAsync(HttpResponseMessage answer, int status, string code)
    {
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(code, answer.Headers.GetValues("x-ms-error-code").Single());
        Assert.Equal(new MediaTypeHeaderValue("application/xml"), answer.Content.Headers.ContentType);
        var error = XDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(code, error.Root!.Element("Code")!.Value);
        Assert.StartsWith("RequestId:" + answer.Headers.GetValues("x-ms-request-id").Single(), error.Root.Element("Message")!.Value.Split('\n')[1], StringComparison.Ordinal);
    }
}
