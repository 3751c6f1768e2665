using System.Net;
using System.Text;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Fuzz;

/// <summary>Well-formed requests with wrong tokens, paths, queries, headers and documents to every endpoint; each must be answered with a status below 500.</summary>
internal sealed class HttpFuzzer : IFuzzer
{
    private static readonly (string Verb, string Path)[] Calls =
    [
        ("PUT", "/devices/dev-02"), ("POST", "/devices"), ("GET", "/devices/dev-02"), ("DELETE", "/devices/no-such"), ("PATCH", "/twins/dev-02"), ("PUT", "/twins/dev-02"), ("GET", "/twins/dev-02"),
        ("POST", "/devices/query"), ("GET", "/statistics/devices"), ("POST", "/twins/no-such/methods"), ("PUT", "/devices/dev-02/modules/m"), ("POST", "/devices/dev-02/files"),
        ("POST", "/devices/dev-02/files/notifications"), ("POST", "/devices/dev-02/messages/events"), ("PUT", "/uploads/dev-02/log.txt"), ("PUT", "/uploads/dev-02/log.txt?comp=blocklist"),
        ("GET", "/uploads/dev-02/log.txt"), ("PUT", "/enrollments/sn-1"), ("PUT", "/enrollmentGroups/g1"), ("PUT", "/0ne00000000/registrations/sn-1/register"),
        ("GET", "/0ne00000000/registrations/sn-1/operations/5"), ("POST", "/hilrig/faults"), ("POST", "/hilrig/devices/dev-02/messages"), ("GET", "/hilrig/telemetry"), ("GET", "/hilrig/events"),
        ("GET", "/page/api/overview"), ("PUT", "/page/api/desired?id=dev-02"), ("GET", "/$iothub/websocket"), ("GET", "/$servicebus/websocket"), ("GET", "/messages/serviceBound/feedback"),
        ("PUT", "/jobs/v2/j1"), ("GET", "/jobs/v2/query"), ("POST", "/jobs/v2/j1/cancel"), ("PUT", "/configurations/c1"), ("POST", "/configurations/testQueries"),
    ];

    private static readonly string[] Documents =
    [
        """{"deviceId":"dev-02","status":"enabled","authentication":{"type":"sas","symmetricKey":{"primaryKey":"","secondaryKey":""}}}""",
        """{"properties":{"desired":{"a":{"b":1}}},"tags":{"x":"y"}}""", """{"methodName":"m","responseTimeoutInSeconds":5,"payload":null}""", """{"query":"SELECT * FROM devices WHERE tags.a = 1"}""",
        """{"blobName":"log.txt"}""", """{"kind":"delay","deviceId":"dev-02","afterSeconds":86400,"delaySeconds":1}""", """<?xml version="1.0"?><BlockList><Latest>MDAwMDAw</Latest></BlockList>""",
        """[{"id":"a","importMode":"create"}]""", """[{"id":"a","id":"b"}]""", """[{"id":"x\ud800"}]""", """{"id":"a","id":"b","payload":{"c":1,"c":2}}""", """{"tags":{"\ud800":"\udc00"}}""", "null", "",
        """{"type":"scheduleUpdateTwin","queryCondition":"deviceId = 'no-such'","updateTwin":{"etag":"*","tags":{"a":1}},"startTime":"2030-01-01T00:00:00Z"}""",
        """{"content":{"deviceContent":{"properties.desired.a.b":{"c":1}}},"targetCondition":"deviceId = 'no-such'","priority":1,"metrics":{"queries":{"q":"SELECT deviceId FROM devices"}}}""",
    ];

    public string Name => "HTTP requests";

    public int InputsOfRound => 100;

    public async Task PlayAsync(TestHub hub, int seed, CancellationToken cancel)
    {
        var random = new Random(seed);
        string token = hub.ServiceToken();
        for (int input = 0; input < InputsOfRound; input++)
        {
            (string verb, string path) = Calls[random.Next(Calls.Length)];
            using var request = new HttpRequestMessage(new HttpMethod(verb), new Uri(Query(random, random.Next(4) == 0 ? Crooked(random, path) : path), UriKind.Relative));
            request.Headers.TryAddWithoutValidation("Authorization", random.Next(4) == 0 ? Text(Mutation.Damage(random, Encoding.ASCII.GetBytes(token))) : token);
            request.Headers.TryAddWithoutValidation("If-Match", random.Next(3) == 0 ? "\"AAAAAAAAAAE=\"" : "*");
            request.Headers.TryAddWithoutValidation("x-ms-blob-type", "BlockBlob");
            byte[] document = Encoding.UTF8.GetBytes(Documents[random.Next(Documents.Length)]);
            request.Content = verb == "GET" ? null : new ByteArrayContent(document.Length > 0 && random.Next(3) > 0 ? Mutation.Damage(random, document) : document);
            using HttpResponseMessage answer = await hub.Http.SendAsync(request, cancel);
            Assert.True(answer.StatusCode is < HttpStatusCode.InternalServerError or HttpStatusCode.NotImplemented, $"{verb} {request.RequestUri} was answered {(int)answer.StatusCode}, input {input}");
        }
    }

    private static string Query(Random random, string path) => random.Next(8) switch
    {
        0 => path,
        1 => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version={random.Next()}",
        _ => $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=2021-04-12&top={random.Next(-5, 2000)}&after={random.Next(-2, 5)}",
    };

    /// <summary>Damage to the letters of a path that leaves it one.</summary>
    private static string Crooked(Random random, string path) =>
        "/" + Uri.EscapeDataString(Text(Mutation.Damage(random, Encoding.ASCII.GetBytes(path[1..])))).Replace("%2F", "/", StringComparison.Ordinal).TrimStart('/'); // two at the beginning would name a host

    private static string Text(byte[] bytes) => string.Concat(bytes.Where(letter => letter is >= 0x20 and < 0x7F).Select(letter => (char)letter));
}
