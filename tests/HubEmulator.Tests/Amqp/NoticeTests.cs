using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Amqp;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Amqp;

/// <summary>What services are told over AMQP, and how they settle it.</summary>
public sealed class NoticeTests
{
    private const string Feedback = "/messages/serviceBound/feedback";
    private const string Uploads = "/messages/servicebound/filenotifications";

    [Fact]
    public async Task Feedback_comes_as_a_batch_with_the_service_s_properties()
    {
        await using TestHub hub = await StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink receiver = service.OpenReader(Feedback);

        await EndMessageAsync(hub, "m1");
        using Message notice = await receiver.ReceiveAsync(TestHub.Deadline);
        receiver.Accept(notice);

        Assert.Equal("application/vnd.microsoft.iothub.feedback.json", notice.Properties.ContentType);
        Assert.Equal("hub", Encoding.UTF8.GetString(notice.Properties.UserId));
        Assert.NotEmpty(notice.Properties.MessageId);
        Assert.NotEqual(default, notice.Properties.CreationTime);
        Assert.Equal(notice.Properties.CreationTime, notice.MessageAnnotations[new global::Amqp.Types.Symbol("iothub-enqueuedtime")]);
        Assert.Equal(16, notice.DeliveryTag.Length); // the C# SDK reads it as a GUID
        JsonNode record = Assert.Single(JsonNode.Parse((byte[])notice.Body)!.AsArray())!;
        Assert.Equal(("m1", "Purged", "dev-01"), ((string?)record["originalMessageId"], (string?)record["statusCode"], (string?)record["deviceId"]));
    }

    [Fact]
    public async Task By_default_a_batch_closes_fifteen_seconds_after_its_first_record()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink receiver = service.OpenReader(Feedback);
        await EndMessageAsync(hub, "m1");
        clock.Advance(TimeSpan.FromSeconds(10));
        await EndMessageAsync(hub, "m2");
        clock.Advance(TimeSpan.FromSeconds(5));

        using Message notice = await receiver.ReceiveAsync(TestHub.Deadline);

        Assert.Equal(["m1", "m2"], JsonNode.Parse((byte[])notice.Body)!.AsArray().Select(record => (string?)record!["originalMessageId"]));
    }

    [Fact]
    public async Task Accepted_and_rejected_end_a_notice_and_released_brings_it_again()
    {
        await using TestHub hub = await StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink receiver = service.OpenReader(Feedback);
        foreach (string id in new[] { "m1", "m2", "m3", "m4" })
        {
            await EndMessageAsync(hub, id);
        }

        List<(string, uint)> seen = [];
        for (int delivery = 0; delivery < 6; delivery++)
        {
            using Message notice = await receiver.ReceiveAsync(TestHub.Deadline);
            string id = IdOf(notice);
            bool isFirst = seen.TrueForAll(one => one.Item1 != id);
            seen.Add((id, notice.Header?.DeliveryCount ?? 0));
            switch (id)
            {
                case "m1" when isFirst:
                    receiver.Release(notice);
                    break;
                case "m2" when isFirst:
                    receiver.Modify(notice, deliveryFailed: true);
                    break;
                case "m3":
                    receiver.Reject(notice);
                    break;
                default:
                    receiver.Accept(notice);
                    break;
            }
        }

        Assert.Equal([("m1", 0u), ("m1", 1u), ("m2", 0u), ("m2", 1u), ("m3", 0u), ("m4", 0u)], seen.Order());
        await receiver.CloseAsync();
        await EndMessageAsync(hub, "m5");
        using Message last = await service.OpenReader(Feedback).ReceiveAsync(TestHub.Deadline);
        Assert.Equal("m5", IdOf(last)); // nothing was left behind
    }

    [Fact]
    public async Task What_a_receiver_has_when_it_goes_or_is_lost_comes_to_another()
    {
        await using TestHub hub = await StartAsync();
        await EndMessageAsync(hub, "m1");
        await using TestService first = await TestService.ConnectAsync(hub);
        ReceiverLink leaving = first.OpenReader(Feedback);
        Assert.Equal("m1", IdOf(await leaving.ReceiveAsync(TestHub.Deadline)));

        await leaving.CloseAsync();
        ReceiverLink losing = first.OpenReader(Feedback);
        Assert.Equal("m1", IdOf(await losing.ReceiveAsync(TestHub.Deadline)));
        await first.DisposeAsync();
        await using TestService second = await TestService.ConnectAsync(hub);

        Assert.Equal("m1", IdOf(await second.OpenReader(Feedback).ReceiveAsync(TestHub.Deadline)));
    }

    [Fact]
    public async Task A_receiver_gets_no_more_than_its_credit_and_a_drain_ends_the_wait()
    {
        await using TestHub hub = await StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        foreach (string id in new[] { "m1", "m2", "m3" })
        {
            await EndMessageAsync(hub, id);
        }

        ReceiverLink one = service.OpenReader(Feedback, credit: 1);
        Message first = await one.ReceiveAsync(TestHub.Deadline);
        ReceiverLink rest = service.OpenReader(Feedback, credit: null);
        rest.SetCredit(50, CreditMode.Drain);
        Message second = await rest.ReceiveAsync(TestHub.Deadline);
        Message third = await rest.ReceiveAsync(TestHub.Deadline);

        Assert.Equal(["m1", "m2", "m3"], new[] { first, second, third }.Select(IdOf));
    }

    [Fact]
    public async Task An_upload_is_told_to_services()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);
        ReceiverLink receiver = service.OpenReader(Uploads);
        string token = hub.DeviceToken();
        (_, JsonNode? ticket, _) = await hub.CallAsync(HttpMethod.Post, "/devices/dev-01/files", """{"blobName":"log.txt"}""", token: token);
        using var put = new HttpRequestMessage(HttpMethod.Put, $"/{ticket!["containerName"]}/{ticket["blobName"]}{ticket["sasToken"]}") { Content = new StringContent("abc") };
        put.Headers.Add("x-ms-blob-type", "BlockBlob");
        put.Headers.Add("x-ms-version", "2021-12-02");
        HttpResponseMessage stored = await hub.Http.SendAsync(put, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, stored.StatusCode);

        string report = $$"""{"correlationId":"{{ticket["correlationId"]}}","isSuccess":true,"statusCode":200,"statusDescription":""}""";
        await hub.CallAsync(HttpMethod.Post, "/devices/dev-01/files/notifications", report, token: token);
        using Message notice = await receiver.ReceiveAsync(TestHub.Deadline);

        Assert.Equal("application/vnd.microsoft.iothub.filenotification.json", notice.Properties.ContentType);
        JsonNode body = JsonNode.Parse((byte[])notice.Body)!;
        Assert.Equal(("dev-01", "dev-01/log.txt", 3), ((string?)body["deviceId"], (string?)body["blobName"], (int)body["blobSizeInBytes"]!));
    }

    private static Task<TestHub> StartAsync() =>
        TestHub.StartAsync(new LocalHubOptions { Devices = [new LocalDevice(TestHub.DeviceId, TestHub.Key)], FeedbackPeriod = TimeSpan.Zero });

    /// <summary>Sends a message and throws it away, of which its sender hears.</summary>
    private static async Task EndMessageAsync(TestHub hub, string id)
    {
        Assert.True(hub.Hub.TrySendMessage("dev-01", new C2dMessage { MessageId = id, Ack = C2dAck.Full }));
        await hub.CallAsync(HttpMethod.Delete, "/devices/dev-01/commands");
    }

    private static string IdOf(Message notice) => (string)JsonNode.Parse((byte[])notice.Body)![0]!["originalMessageId"]!;
}
