using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Live;

/// <summary>Jobs over many devices, as services make them and as devices see them.</summary>
public sealed class JobTests
{
    private const string UpdateTwins = """{"type":"scheduleUpdateTwin","queryCondition":"deviceId IN ['dev-01','dev-02']","updateTwin":{"etag":"*","tags":{"wave":1},"properties":{"desired":{"rate":5}}}}""";
    private readonly FakeTimeProvider _clock = new(TimeProvider.System.GetUtcNow());

    [Fact]
    public async Task A_job_of_twins_changes_those_that_the_condition_finds_and_tells_the_connected()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await hub.CallAsync(HttpMethod.Put, "/devices/other", "{}");
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/twin/PATCH/properties/desired/#");

        (HttpStatusCode made, JsonNode? job, _) = await hub.CallAsync(HttpMethod.Put, "/jobs/v2/wave-1", UpdateTwins);
        (_, string push) = await device.NextAsync();
        JsonNode ended = await EndAsync(hub, "wave-1");
        (_, JsonNode? changed, _) = await hub.CallAsync(HttpMethod.Post, "/devices/query", """{"query":"SELECT deviceId FROM devices WHERE tags.wave = 1 AND properties.desired.rate = 5"}""");

        Assert.Equal((HttpStatusCode.OK, "wave-1", "scheduleUpdateTwin"), (made, (string)job!["jobId"]!, (string)job["type"]!));
        Assert.Equal("""{"rate":5,"$version":2}""", push);
        Assert.Equal("completed", (string)ended["status"]!);
        Assert.Equal("""{"deviceCount":2,"failedCount":0,"succeededCount":2,"runningCount":0,"pendingCount":0}""", ended["deviceJobStatistics"]!.ToJsonString());
        Assert.Equal("""[{"deviceId":"dev-01"},{"deviceId":"dev-02"}]""", changed!.ToJsonString());
    }

    [Fact]
    public async Task A_job_of_methods_is_completed_though_a_device_is_away_and_each_part_can_be_asked_for()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.SubscribeAsync("$iothub/methods/POST/#");

        await hub.CallAsync(HttpMethod.Put, "/jobs/v2/reboot", """{"type":"scheduleDeviceMethod","queryCondition":"*","cloudToDeviceMethod":{"methodName":"reboot","payload":{"delay":5},"responseTimeoutInSeconds":30}}""");
        (string topic, string payload) = await device.NextAsync();
        await device.PublishAsync($"$iothub/methods/res/207/?$rid={topic.Split("$rid=")[1]}", """{"done":true}""");
        JsonNode ended = await EndAsync(hub, "reboot");
        (_, JsonNode? parts, HttpResponseMessage answer) = await hub.CallAsync(
            HttpMethod.Post, "/devices/query", """{"query":"SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'reboot' AND devices.jobs.jobType = 'scheduleDeviceMethod'"}""");
        (_, JsonNode? failed, _) = await hub.CallAsync(HttpMethod.Post, "/devices/query", """{"query":"SELECT deviceId, error.code AS why FROM devices.jobs WHERE devices.jobs.status = 'failed'"}""");

        Assert.Equal(("""{"delay":5}""", "completed"), (payload, (string)ended["status"]!));
        Assert.Equal("""{"deviceCount":2,"failedCount":1,"succeededCount":1,"runningCount":0,"pendingCount":0}""", ended["deviceJobStatistics"]!.ToJsonString());
        Assert.Equal("deviceJob", answer.Headers.GetValues("x-ms-item-type").Single());
        Assert.Equal(("dev-01", "completed"), ((string)parts![0]!["deviceId"]!, (string)parts[0]!["status"]!));
        Assert.Equal("""{"deviceMethodResponse":{"status":207,"payload":{"done":true}}}""", parts[0]!["outcome"]!.ToJsonString());
        Assert.Equal("""[{"deviceId":"dev-02","why":"DeviceNotOnline"}]""", failed!.ToJsonString());
    }

    [Fact]
    public async Task A_job_waits_for_its_time_and_a_cancelled_one_does_nothing()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        string later = _clock.GetUtcNow().AddMinutes(10).ToString("O");

        (_, JsonNode? waiting, _) = await hub.CallAsync(HttpMethod.Put, "/jobs/v2/a", WithStart(UpdateTwins, later));
        await hub.CallAsync(HttpMethod.Put, "/jobs/v2/b", WithStart(UpdateTwins.Replace("\"wave\":1", "\"never\":1", StringComparison.Ordinal), later));
        (HttpStatusCode status, JsonNode? cancelled, _) = await hub.CallAsync(HttpMethod.Post, "/jobs/v2/b/cancel");
        (_, JsonNode? before, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        _clock.Advance(TimeSpan.FromMinutes(10));
        JsonNode ended = await EndAsync(hub, "a");
        (_, JsonNode? after, _) = await hub.CallAsync(HttpMethod.Get, "/twins/dev-01");
        (_, JsonNode? same, _) = await hub.CallAsync(HttpMethod.Post, "/jobs/v2/a/cancel");

        Assert.Equal(("scheduled", HttpStatusCode.OK, "cancelled"), ((string)waiting!["status"]!, status, (string)cancelled!["status"]!));
        Assert.Null(before!["tags"]!["wave"]);
        Assert.Equal(("completed", "completed"), ((string)ended["status"]!, (string)same!["status"]!));
        Assert.Equal("""{"wave":1}""", after!["tags"]!.ToJsonString());
    }

    [Fact]
    public async Task A_job_that_takes_longer_than_it_may_has_failed_and_so_have_the_devices_that_it_waits_for()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);

        await hub.CallAsync(HttpMethod.Put, "/jobs/v2/slow", """{"type":"scheduleDeviceMethod","queryCondition":"deviceId = 'dev-01'","maxExecutionTimeInSeconds":20,"cloudToDeviceMethod":{"methodName":"m","connectTimeoutInSeconds":300}}""");
        await UntilAsync(hub, "slow", job => (int)job["deviceJobStatistics"]!["runningCount"]! == 1);
        _clock.Advance(TimeSpan.FromSeconds(21));
        JsonNode ended = await EndAsync(hub, "slow");

        Assert.Equal(("failed", "The job was not through after 20 seconds."), ((string)ended["status"]!, (string)ended["failureReason"]!));
        Assert.Equal(1, (int)ended["deviceJobStatistics"]!["failedCount"]!);
    }

    [Fact]
    public async Task A_condition_that_is_no_query_fails_the_job_with_its_place()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await hub.CallAsync(HttpMethod.Put, "/jobs/v2/odd", UpdateTwins.Replace("deviceId IN ['dev-01','dev-02']", "SELECT * FROM devices", StringComparison.Ordinal));
        JsonNode ended = await EndAsync(hub, "odd");

        Assert.Equal("failed", (string)ended["status"]!);
        Assert.Contains("Position 36", (string)ended["failureReason"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "type must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","updateTwin":{}}""", "queryCondition must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","queryCondition":"*"}""", "updateTwin must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","queryCondition":"*","updateTwin":{"tags":5}}""", "'tags' must be")]
    [InlineData("""{"type":"scheduleDeviceMethod","queryCondition":"*","cloudToDeviceMethod":{}}""", "methodName must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","queryCondition":"*","updateTwin":{},"startTime":"soon"}""", "startTime must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","queryCondition":"*","updateTwin":{},"startTime":"9999-01-01T00:00:00Z"}""", "startTime must be")]
    [InlineData("""{"type":"scheduleUpdateTwin","queryCondition":"*","updateTwin":{},"maxExecutionTimeInSeconds":-1}""", "maxExecutionTimeInSeconds must be")]
    [InlineData("""{"jobId":"other","type":"scheduleUpdateTwin","queryCondition":"*","updateTwin":{}}""", "job id")]
    public async Task What_is_no_job_is_refused_with_the_member(string body, string expected)
    {
        await using TestHub hub = await TestHub.StartAsync();

        (HttpStatusCode status, JsonNode? error, _) = await hub.CallAsync(HttpMethod.Put, "/jobs/v2/j", body);
        (HttpStatusCode missing, _, HttpResponseMessage answer) = await hub.CallAsync(HttpMethod.Get, "/jobs/v2/j");

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.NotFound), (status, missing));
        Assert.Contains(expected, (string)error!["Message"]!, StringComparison.Ordinal);
        Assert.Equal("JobNotFound", answer.Headers.GetValues("iothub-errorcode").Single());
    }

    [Fact]
    public async Task Jobs_are_listed_by_type_and_status_page_by_page_and_a_name_and_the_number_of_open_ones_are_limited()
    {
        await using TestHub hub = await TestHub.StartAsync(_clock);
        string later = _clock.GetUtcNow().AddMinutes(10).ToString("O");
        for (int number = 0; number < 10; number++)
        {
            await hub.CallAsync(HttpMethod.Put, $"/jobs/v2/j{number}", WithStart(UpdateTwins, later));
        }

        (HttpStatusCode eleventh, _, HttpResponseMessage tooMany) = await hub.CallAsync(HttpMethod.Put, "/jobs/v2/j10", UpdateTwins);
        (HttpStatusCode again, _, _) = await hub.CallAsync(HttpMethod.Put, "/jobs/v2/j0", UpdateTwins);
        (_, JsonNode? first, HttpResponseMessage page) = await hub.CallAsync(HttpMethod.Get, "/jobs/v2/query?jobType=scheduleUpdateTwin&jobStatus=scheduled", headers: [("x-ms-max-item-count", "6")]);
        (_, JsonNode? second, HttpResponseMessage last) = await hub.CallAsync(
            HttpMethod.Get, "/jobs/v2/query?jobType=scheduleUpdateTwin&jobStatus=scheduled",
            headers: [("x-ms-max-item-count", "6"), ("x-ms-continuation", page.Headers.GetValues("x-ms-continuation").Single())]);
        (_, JsonNode? none, _) = await hub.CallAsync(HttpMethod.Get, "/jobs/v2/query?jobType=scheduleDeviceMethod&jobStatus=");
        (HttpStatusCode unknown, _, _) = await hub.CallAsync(HttpMethod.Get, "/jobs/v2/query?jobType=&jobStatus=odd");

        Assert.Equal((HttpStatusCode.TooManyRequests, HttpStatusCode.Conflict, HttpStatusCode.BadRequest), (eleventh, again, unknown));
        Assert.Equal("ThrottlingMaxActiveJobCountExceeded", tooMany.Headers.GetValues("iothub-errorcode").Single());
        Assert.Equal(["j0", "j1", "j2", "j3", "j4", "j5", "j6", "j7", "j8", "j9"], first!.AsArray().Concat(second!.AsArray()).Select(job => (string)job!["jobId"]!));
        Assert.Equal(("jobResponse", "[]"), (page.Headers.GetValues("x-ms-item-type").Single(), none!.ToJsonString()));
        Assert.False(last.Headers.Contains("x-ms-continuation"));
    }

    [Fact]
    public async Task What_a_hub_remembers_of_jobs_waits_on_is_told_or_has_failed()
    {
        string folder = Directory.CreateTempSubdirectory("hub-jobs-").FullName;
        var options = new LocalHubOptions { DataFolder = folder, Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key), new LocalDevice("dev-02")], TimeProvider = _clock };
        await using (TestHub hub = await TestHub.StartAsync(options))
        {
            await hub.CallAsync(HttpMethod.Put, "/jobs/v2/done", UpdateTwins);
            await EndAsync(hub, "done");
            await hub.CallAsync(HttpMethod.Put, "/jobs/v2/torn", """{"type":"scheduleDeviceMethod","queryCondition":"*","cloudToDeviceMethod":{"methodName":"m","connectTimeoutInSeconds":300}}""");
            await UntilAsync(hub, "torn", job => (string)job["status"]! == "running");
            await hub.CallAsync(HttpMethod.Put, "/jobs/v2/later", WithStart(UpdateTwins.Replace("\"wave\":1", "\"later\":1", StringComparison.Ordinal), _clock.GetUtcNow().AddHours(1).ToString("O")));
        }

        await using TestHub next = await TestHub.StartAsync(options);
        (_, JsonNode? done, _) = await next.CallAsync(HttpMethod.Get, "/jobs/v2/done");
        (_, JsonNode? torn, _) = await next.CallAsync(HttpMethod.Get, "/jobs/v2/torn");
        _clock.Advance(TimeSpan.FromHours(1));
        JsonNode later = await EndAsync(next, "later");

        Assert.Equal(("completed", 2), ((string)done!["status"]!, (int)done["deviceJobStatistics"]!["succeededCount"]!));
        Assert.Equal(("failed", "The hub stopped while the job was under way."), ((string)torn!["status"]!, (string)torn["failureReason"]!));
        Assert.Equal("completed", (string)later["status"]!);
        await next.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static string WithStart(string body, string start)
    {
        JsonNode job = JsonNode.Parse(body)!;
        job["startTime"] = start;
        return job.ToJsonString();
    }

    private static Task<JsonNode> EndAsync(TestHub hub, string id) => UntilAsync(hub, id, job => (string)job["status"]! is "completed" or "failed" or "cancelled");

    private static async Task<JsonNode> UntilAsync(TestHub hub, string id, Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(TestHub.Deadline);
        while (true)
        {
            (_, JsonNode? job, _) = await hub.CallAsync(HttpMethod.Get, $"/jobs/v2/{id}");
            if (condition(job!))
            {
                return job!;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
    }
}
