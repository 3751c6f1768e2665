using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary>Kills of the hub, for real: what it had acknowledged to services is there afterwards.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class HubKillTests : IDisposable
{
    private const int Kills = 20;
    private const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    private readonly TemporaryFolder _state = new("hilrig-test-");
    private readonly ConcurrentDictionary<string, byte> _made = new();
    private readonly ConcurrentDictionary<string, byte> _deleted = new();
    private readonly ConcurrentDictionary<string, byte> _enrolled = new();
    private int _desired; // the value last acknowledged
    private int _queued; // messages acknowledged since the last purge
    private int _acknowledged;

    public void Dispose() => _state.Dispose();

    [Fact]
    public async Task What_a_service_was_told_is_done_survives_a_kill_at_any_moment()
    {
        var random = new Random(20260817);
        string data = Path.Combine(_state.Path, "hub");
        for (int round = 0; round < Kills; round++)
        {
            await using KilledHub hub = await KilledHub.StartAsync(_state, data);
            await CheckAsync(hub);
            await hub.TrySendAsync(HttpMethod.Delete, "devices/steady/commands");
            _queued = 0;
            int enough = Volatile.Read(ref _acknowledged) + random.Next(1, 40);

            Task work = Task.WhenAll(MakeAsync(hub, round), ChangeAsync(hub), SendAsync(hub), EnrolAsync(hub, round));
            await Waiting.UntilAsync(() => Volatile.Read(ref _acknowledged) >= enough, TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
            await hub.KillAsync();
            await work;
        }

        await using KilledHub last = await KilledHub.StartAsync(_state, data);
        await CheckAsync(last);
        Assert.True(_acknowledged >= 10 * Kills, $"only {_acknowledged} changes were acknowledged, too few to prove anything");
        Assert.NotEmpty(_deleted);
    }

    private async Task MakeAsync(KilledHub hub, int round)
    {
        for (int number = 1; ; number++)
        {
            string id = $"d-{round}-{number}";
            if (!Acknowledged(await hub.TrySendAsync(HttpMethod.Put, $"devices/{id}", $$"""{"deviceId":"{{id}}"}""")))
            {
                return;
            }

            if (number % 3 != 0)
            {
                _made[id] = 0;
            }
            else if (Acknowledged(await hub.TrySendAsync(HttpMethod.Delete, $"devices/{id}")))
            {
                _deleted[id] = 0;
            }
        }
    }

    private async Task ChangeAsync(KilledHub hub)
    {
        string Body() => new JsonObject { ["properties"] = new JsonObject { ["desired"] = new JsonObject { ["n"] = _desired + 1 } } }.ToJsonString();
        while (Acknowledged(await hub.TrySendAsync(HttpMethod.Patch, "twins/steady", Body())))
        {
            _desired++;
        }
    }

    private async Task SendAsync(KilledHub hub)
    {
        while (await hub.TrySendAsync(HttpMethod.Post, "hilrig/devices/steady/messages", """{"body":"aGVsbG8="}""") is HttpStatusCode.Accepted)
        {
            _queued++;
            Interlocked.Increment(ref _acknowledged);
        }
    }

    private async Task EnrolAsync(KilledHub hub, int round)
    {
        const string Attestation = $$$"""{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{{Key}}}","secondaryKey":"{{{Key}}}"}}""";
        for (int number = 1; ; number++)
        {
            string id = $"r-{round}-{number}";
            if (!Acknowledged(await hub.TrySendAsync(HttpMethod.Put, $"enrollments/{id}", $$"""{"registrationId":"{{id}}","attestation":{{Attestation}}}""")))
            {
                return;
            }

            _enrolled[id] = 0;
        }
    }

    private async Task CheckAsync(KilledHub hub)
    {
        Assert.All(await Task.WhenAll(_made.Keys.Select(id => hub.TrySendAsync(HttpMethod.Get, $"devices/{id}"))), status => Assert.Equal(HttpStatusCode.OK, status));
        Assert.All(await Task.WhenAll(_deleted.Keys.Select(id => hub.TrySendAsync(HttpMethod.Get, $"devices/{id}"))), status => Assert.Equal(HttpStatusCode.NotFound, status));
        Assert.All(await Task.WhenAll(_enrolled.Keys.Select(id => hub.TrySendAsync(HttpMethod.Get, $"enrollments/{id}"))), status => Assert.Equal(HttpStatusCode.OK, status));
        JsonNode twin = await hub.GetAsync("twins/steady");
        Assert.InRange((int?)twin["properties"]!["desired"]!["n"] ?? 0, _desired, _desired + 1); // the last one may have been done without an answer
        Assert.InRange((int)twin["cloudToDeviceMessageCount"]!, _queued, _queued + 1);
    }

    private bool Acknowledged(HttpStatusCode? status)
    {
        if (status is not (HttpStatusCode.OK or HttpStatusCode.NoContent))
        {
            Assert.Null(status); // the hub may be gone, but it refuses nothing here
            return false;
        }

        Interlocked.Increment(ref _acknowledged);
        return true;
    }
}
