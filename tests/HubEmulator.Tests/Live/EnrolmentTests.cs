using System.Net;
using System.Text.Json.Nodes;

namespace HubEmulator.Tests.Live;

/// <summary>Provisioning over HTTPS: the service side of enrolments, and devices that register there.</summary>
public sealed class EnrolmentTests
{
    private const string Attestation = $$$"""{"type":"symmetricKey","symmetricKey":{"primaryKey":"{{{TestHub.Key}}}","secondaryKey":"ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA="}}""";

    [Fact]
    public async Task An_enrolment_made_at_run_time_lets_its_device_register_until_it_is_deleted()
    {
        await using TestHub hub = await TestHub.StartAsync();
        (HttpStatusCode created, JsonNode? answer, HttpResponseMessage message) = await hub.CallAsync(
            HttpMethod.Put, "/enrollments/SN-1", $$$"""{"registrationId":"sn-1","attestation":{{{Attestation}}},"deviceId":"Cellar","provisioningStatus":"enabled","payload":{"a":1}}""");
        (_, JsonNode? read, _) = await hub.CallAsync(HttpMethod.Get, "/enrollments/sn-1");
        await using Registrar registrar = await Registrar.ConnectAsync(hub, "sn-1", TestHub.Key);

        JsonNode state = (await registrar.RegisterToTheEndAsync())["registrationState"]!;
        (HttpStatusCode deleted, _, _) = await hub.CallAsync(HttpMethod.Delete, "/enrollments/sn-1");
        (string afterwards, _) = await registrar.RegisterAsync();
        (HttpStatusCode gone, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Get, "/enrollments/sn-1");

        Assert.Equal(HttpStatusCode.OK, created);
        Assert.Equal(("sn-1", "Cellar", "enabled"), ((string?)answer!["registrationId"], (string?)answer["deviceId"], (string?)answer["provisioningStatus"]));
        Assert.Equal(Attestation, answer["attestation"]!.ToJsonString());
        Assert.Equal($"\"{answer["etag"]}\"", message.Headers.ETag!.Tag);
        Assert.Equal(answer.ToJsonString(), read!.ToJsonString());
        Assert.Equal(("Cellar", """{"a":1}"""), ((string?)state["deviceId"], state["payload"]!.ToJsonString()));
        Assert.Equal(HttpStatusCode.NoContent, deleted);
        Assert.Equal("404/?$rid=3", afterwards);
        Assert.Equal((HttpStatusCode.NotFound, 404201), (gone, (int)error!["errorCode"]!));
    }

    [Fact]
    public async Task A_group_is_replaced_by_its_entity_tag_only_and_when_disabled_lets_nobody_in()
    {
        await using TestHub hub = await TestHub.StartAsync();
        string path = "/enrollmentGroups/line-3";
        string body = $$"""{"enrollmentGroupId":"line-3","attestation":{{Attestation}}}""";
        string disabled = """{"attestation":{"type":"symmetricKey"},"provisioningStatus":"disabled"}"""; // the keys stay
        (_, JsonNode? created, _) = await hub.CallAsync(HttpMethod.Put, path, body);
        await using Registrar registrar = await Registrar.ConnectAsync(hub);

        (string enabled, _) = await registrar.RegisterAsync();
        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Put, path, body);
        (HttpStatusCode stale, _, _) = await hub.CallAsync(HttpMethod.Put, path, disabled, ifMatch: "\"AAAA\"");
        (HttpStatusCode replaced, JsonNode? answer, _) = await hub.CallAsync(HttpMethod.Put, path, disabled, ifMatch: $"\"{created!["etag"]}\"");
        (string refused, _) = await registrar.RegisterAsync();
        (HttpStatusCode staleDelete, _, _) = await hub.CallAsync(HttpMethod.Delete, path, ifMatch: $"\"{created["etag"]}\"");
        (HttpStatusCode deleted, _, _) = await hub.CallAsync(HttpMethod.Delete, path, ifMatch: "*");
        (HttpStatusCode missing, _, _) = await hub.CallAsync(HttpMethod.Put, path, disabled, ifMatch: "*");

        Assert.StartsWith("202/", enabled, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.PreconditionFailed, HttpStatusCode.OK), (again, stale, replaced));
        Assert.Equal(("disabled", TestHub.Key), ((string?)answer!["provisioningStatus"], (string?)answer["attestation"]!["symmetricKey"]!["primaryKey"]));
        Assert.Equal((string?)created["createdDateTimeUtc"], (string?)answer["createdDateTimeUtc"]);
        Assert.StartsWith("401/", refused, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.PreconditionFailed, HttpStatusCode.NoContent, HttpStatusCode.NotFound), (staleDelete, deleted, missing));
    }

    [Theory]
    [InlineData("/enrollments/sn-1", "{}")]
    [InlineData("/enrollments/sn-1", """{"attestation":{"type":"x509"}}""")]
    [InlineData("/enrollments/sn-1", """{"attestation":{"type":"x509","x509":{"clientCertificates":{"primary":{"certificate":"AAAA"}}}}}""")]
    [InlineData("/enrollmentGroups/g", """{"attestation":{"type":"x509","x509":{"caReferences":{"primary":"my-ca"}}}}""")]
    [InlineData("/enrollments/sn-1", """{"attestation":{"type":"tpm"}}""")]
    [InlineData("/enrollments/sn-1", """{"registrationId":"sn-2","attestation":{"type":"symmetricKey"}}""")]
    [InlineData("/enrollments/sn-1", """{"deviceId":"a b","attestation":{"type":"symmetricKey"}}""")]
    [InlineData("/enrollments/sn-1", """{"provisioningStatus":"off","attestation":{"type":"symmetricKey"}}""")]
    [InlineData("/enrollments/sn-1", """{"attestation":{"type":"symmetricKey","symmetricKey":{"primaryKey":"short"}}}""")]
    [InlineData("/enrollmentGroups/a%20b", """{"attestation":{"type":"symmetricKey"}}""")]
    [InlineData("/enrollmentGroups/g", "[]")]
    public async Task An_enrolment_that_cannot_be_meant_is_refused(string path, string body)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, path, body);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal(400004, (int)error!["errorCode"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await hub.CallAsync(HttpMethod.Get, path)).Status);
    }

    [Fact]
    public async Task Enrolments_need_the_right_to_change_the_registry()
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, _, _) = await hub.CallAsync(HttpMethod.Get, "/enrollments/sn-1", token: hub.DeviceToken());

        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task A_device_registers_over_HTTPS_too()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        string token = Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey);
        string path = $"/{hub.Hub.IdScope}/registrations/{Registrar.Id}";

        (HttpStatusCode before, _, _) = await hub.CallAsync(HttpMethod.Post, path, token: token);
        (HttpStatusCode accepted, JsonNode? operation, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Put, $"{path}/register", """{"registrationId":"sn-007"}""", token: token);
        (HttpStatusCode done, JsonNode? final, _) = await hub.CallAsync(HttpMethod.Get, $"{path}/operations/{operation!["operationId"]}", token: token);
        (HttpStatusCode known, JsonNode? state, _) = await hub.CallAsync(HttpMethod.Post, path, "{}", token: token);

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Accepted, HttpStatusCode.OK, HttpStatusCode.OK), (before, accepted, done, known));
        Assert.Equal("3", message.Headers.RetryAfter!.ToString());
        Assert.Equal(("assigned", "sn-007"), ((string?)final!["status"], (string?)final["registrationState"]!["deviceId"]));
        Assert.Equal(final["registrationState"]!.ToJsonString(), state!.ToJsonString());
        Assert.Equal([Registrar.Id], hub.Hub.DeviceIds);
    }

    [Fact]
    public async Task What_is_wrong_over_HTTPS_is_the_status_with_the_error()
    {
        await using TestHub hub = await TestHub.StartAsync(Registrar.Options);
        string token = Registrar.Token(hub, Registrar.Id, Registrar.DerivedKey);
        string path = $"/{hub.Hub.IdScope}/registrations/{Registrar.Id}";

        (HttpStatusCode withoutVersion, _, _) = await hub.CallAsync(HttpMethod.Put, $"{path}/register", token: token, withVersion: false);
        (HttpStatusCode wrongKey, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, $"{path}/register", token: Registrar.Token(hub, Registrar.Id, TestHub.Key));
        (HttpStatusCode scope, _, _) = await hub.CallAsync(HttpMethod.Put, "/0ne00BBBBBB/registrations/sn-007/register", token: token);
        (HttpStatusCode operation, _, _) = await hub.CallAsync(HttpMethod.Get, $"{path}/operations/5.x", token: token);
        hub.Hub.Provisioning.ThrottleNext(1, 9);
        (HttpStatusCode throttled, _, HttpResponseMessage message) = await hub.CallAsync(HttpMethod.Put, $"{path}/register", token: token);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, 401002), (withoutVersion, wrongKey, (int)error!["errorCode"]!));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.TooManyRequests), (scope, operation, throttled));
        Assert.Equal("9", message.Headers.RetryAfter!.ToString());
    }
}
