using System.Security.Cryptography;
using System.Text;
using Amqp;
using Amqp.Framing;
using Amqp.Sasl;
using HubEmulator.Tests.Live;
using Microsoft.Extensions.Time.Testing;

namespace HubEmulator.Tests.Amqp;

/// <summary>Who is let in, how, and for how long.</summary>
public sealed class AmqpAccessTests
{
    private const string Devicebound = "/messages/devicebound";

    [Fact]
    public async Task A_service_gets_in_without_sasl_and_with_each_mechanism_that_needs_no_password()
    {
        await using TestHub hub = await TestHub.StartAsync();

        foreach (SaslProfile? profile in new[] { null, SaslProfile.Anonymous, SaslProfile.External, new NamedProfile("MSSBCBS") })
        {
            await using TestService service = await TestService.ConnectAsync(hub, profile);
            Assert.Null(await TestService.SendAsync(service.OpenSender(), To("dev-01")));
        }
    }

    [Fact]
    public async Task Plain_takes_a_token_of_a_policy_or_its_key()
    {
        await using TestHub hub = await TestHub.StartAsync();

        await using TestService withToken = await TestService.ConnectAsync(hub, user: "iothubowner@sas.root.hub", password: hub.ServiceToken(), withToken: false);
        await using TestService withKey = await TestService.ConnectAsync(hub, user: "iothubowner", password: hub.ServiceKey, withToken: false);

        Assert.Null(await TestService.SendAsync(withToken.OpenSender(), To("dev-01")));
        Assert.Null(await TestService.SendAsync(withKey.OpenSender(), To("dev-01")));
        await RefusedAsync(hub, "iothubowner@sas.root.hub", "SharedAccessSignature sr=x&sig=y&se=1&skn=iothubowner");
        await RefusedAsync(hub, "iothubowner", TestHub.Key);
        await RefusedAsync(hub, "nobody", hub.ServiceKey);
    }

    [Fact]
    public async Task Nothing_but_the_token_node_can_be_attached_before_a_token()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub, withToken: false);

        Assert.Equal(ErrorCode.UnauthorizedAccess, (await TestService.EndOfAsync(service.OpenSender(Devicebound)))?.Condition);

        foreach (string address in new[] { "/messages/serviceBound/feedback", "/messages/serviceBound/filenotifications", "hub/ConsumerGroups/$Default/Partitions/0", "/messages/events" })
        {
            Assert.Equal(ErrorCode.UnauthorizedAccess, (await TestService.EndOfAsync(service.OpenReader(address)))?.Condition);
        }

        await service.PutTokenAsync(hub.ServiceToken());
        Assert.Null(await TestService.SendAsync(service.OpenSender(), To("dev-01")));
    }

    [Theory]
    [InlineData("iothubowner", 200)]
    [InlineData("registryRead", 401)]
    [InlineData(null, 401)]
    public async Task Management_takes_a_token_with_the_request_itself(string? policy, int expected)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub, withToken: false);
        var request = new Message
        {
            Properties = new Properties { MessageId = "1", ReplyTo = "somewhere" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = "READ", ["name"] = "hub", ["type"] = "com.microsoft:eventhub" },
        };
        if (policy is not null)
        {
            request.ApplicationProperties["security_token"] = TestHub.Token(
                hub.Hub.PolicyConnectionStrings[policy].Split("SharedAccessKey=")[1], hub.Hub.HostName, TimeProvider.System.GetUtcNow().AddHours(1), policy);
        }

        Message answer = await service.AskAsync("$management", request);

        Assert.Equal(expected, (int)answer.ApplicationProperties["status-code"]);
    }

    [Fact]
    public async Task A_token_must_be_signed_current_and_of_this_hub_with_a_policy_that_connects_services()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub, withToken: false);
        DateTimeOffset hour = TimeProvider.System.GetUtcNow().AddHours(1);

        Assert.Equal(401, await StatusAsync("no token"));
        Assert.Equal(401, await StatusAsync(TestHub.Token(TestHub.Key, hub.Hub.HostName, hour, "iothubowner")));
        Assert.Equal(401, await StatusAsync(TestHub.Token(hub.ServiceKey, hub.Hub.HostName, hour.AddHours(-2), "iothubowner")));
        Assert.Equal(401, await StatusAsync(TestHub.Token(hub.ServiceKey, hub.Hub.HostName, hour, "nobody")));
        Assert.Equal(401, await StatusAsync(hub.DeviceToken()));
        Assert.Equal(400, (await service.PutTokenAsync(hub.ServiceToken(), type: "password")).Status);
        Assert.Equal(401, (await service.PutTokenAsync("eyJhbGciOiJub25lIn0.e30.", type: "jwt")).Status);
        Assert.Equal(400, (await service.PutTokenAsync(hub.ServiceToken(), operation: "delete-token")).Status);
        Assert.Equal(200, await StatusAsync(TestHub.Token(hub.ServiceKey, "another.example.com", hour, "iothubowner"))); // a sound token that opens nothing here
        Assert.Equal(ErrorCode.UnauthorizedAccess, (await TestService.EndOfAsync(service.OpenSender()))?.Condition);
        Assert.Equal(200, (await service.PutTokenAsync(hub.ServiceToken(), type: "jwt")).Status); // the Python SDK of Event Hubs calls it so
        Assert.Equal(200, (await service.PutTokenAsync(hub.ServiceToken(), type: "azure-devices.net:sastoken")).Status); // and the C# SDK of the hub so
        Assert.Equal(200, (await service.PutTokenAsync(hub.ServiceToken(), type: "servicebus.windows.net:sastoken"u8.ToArray())).Status); // or sends bytes

        async Task<int> StatusAsync(string token) => (await service.PutTokenAsync(token)).Status;
    }

    [Theory]
    [InlineData("sb://hub.localhost:5671/hub", true)]
    [InlineData("sb://hub.localhost/hub/ConsumerGroups/$Default/Partitions/0", true)]
    [InlineData("amqps://localhost/hub/consumergroups/$default/partitions/0/", true)]
    [InlineData("sb://hub.localhost/hub/ConsumerGroups/$Default/Partitions/1", false)]
    [InlineData("sb://hub.localhost/hu", false)]
    public async Task A_token_of_event_hubs_signs_with_the_text_of_the_key_and_opens_what_its_resource_covers(string resource, bool opens)
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub, SaslProfile.Anonymous, withToken: false);
        string expiry = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        string escaped = Uri.EscapeDataString(resource);
        byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(hub.ServiceKey), Encoding.UTF8.GetBytes($"{escaped}\n{expiry}"));

        (int status, _) = await service.PutTokenAsync($"SharedAccessSignature sr={escaped}&sig={Uri.EscapeDataString(Convert.ToBase64String(signature))}&se={expiry}&skn=iothubowner");
        ReceiverLink reader = service.OpenReader("hub/ConsumerGroups/$Default/Partitions/0");

        Assert.Equal(200, status);
        if (!opens)
        {
            Assert.Equal(ErrorCode.UnauthorizedAccess, (await TestService.EndOfAsync(reader))?.Condition);
            return;
        }

        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync("devices/dev-01/messages/events/", "x");
        Assert.NotNull(await reader.ReceiveAsync(TestHub.Deadline));
    }

    [Fact]
    public async Task Links_end_when_their_token_does_unless_another_was_put()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestService forgetful = await TestService.ConnectAsync(hub);
        await using TestService renewing = await TestService.ConnectAsync(hub);
        SenderLink ending = forgetful.OpenSender();
        SenderLink living = renewing.OpenSender();
        Assert.Null(await TestService.SendAsync(ending, To("dev-01")));
        Assert.Null(await TestService.SendAsync(living, To("dev-01")));
        Task<Error?> ended = TestService.EndOfAsync(ending);

        clock.Advance(TimeSpan.FromMinutes(59));
        await renewing.PutTokenAsync(hub.ServiceToken());
        clock.Advance(TimeSpan.FromMinutes(7)); // the token's hour and five minutes of allowance are over

        Assert.Equal(ErrorCode.UnauthorizedAccess, (await ended)?.Condition);
        Assert.Null(await TestService.SendAsync(living, To("dev-01")));
    }

    [Fact]
    public async Task A_connection_without_a_token_ends_after_a_minute()
    {
        var clock = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using TestHub hub = await TestHub.StartAsync(clock);
        await using TestService idle = await TestService.ConnectAsync(hub, withToken: false);
        await using TestService busy = await TestService.ConnectAsync(hub);

        clock.Advance(TimeSpan.FromSeconds(62));

        Assert.Equal(ErrorCode.UnauthorizedAccess, (await idle.EndAsync())?.Condition);
        Assert.Null(await TestService.SendAsync(busy.OpenSender(), To("dev-01")));
    }

    [Fact]
    public async Task An_unknown_address_is_detached_and_the_connection_lives_on()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService service = await TestService.ConnectAsync(hub);

        Assert.Equal(ErrorCode.NotFound, (await TestService.EndOfAsync(service.OpenSender("/messages/nowhere")))?.Condition);
        Assert.Equal(ErrorCode.NotFound, (await TestService.EndOfAsync(service.OpenReader("/messages/devicebound")))?.Condition);
        Assert.Equal(ErrorCode.NotFound, (await TestService.EndOfAsync(service.OpenReader("other/ConsumerGroups/$Default/Partitions/0")))?.Condition);
        Assert.Null(await TestService.SendAsync(service.OpenSender("amqps://hub.localhost/messages/deviceBound"), To("dev-01")));
    }

    [Fact]
    public async Task Two_connections_may_use_the_same_names()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestService one = await TestService.ConnectAsync(hub, container: "same");
        await using TestService other = await TestService.ConnectAsync(hub, container: "same");

        Assert.Null(await TestService.SendAsync(new SenderLink(one.Session, "same", Devicebound), To("dev-01")));
        Assert.Null(await TestService.SendAsync(new SenderLink(other.Session, "same", Devicebound), To("dev-01")));
    }

    [Fact]
    public async Task A_drain_takes_the_credit_back_when_there_is_nothing_to_send()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using AmqpWire wire = await AmqpWire.OpenAsync(hub);
        var receiver = new Attach { LinkName = "r", Handle = 1, Role = true, Source = new Source { Address = "$cbs" }, Target = new Target() };
        var drain = new Flow { NextIncomingId = 0, IncomingWindow = 10, NextOutgoingId = 0, OutgoingWindow = 10, Handle = 1, DeliveryCount = 0, LinkCredit = 5, Drain = true };
        await wire.SendAsync([.. AmqpWire.Opening(), .. AmqpWire.Frame(receiver), .. AmqpWire.Frame(drain)]);
        await wire.ReceiveAsync(AmqpWire.Header.Length);

        uint? sender = null;
        while (true)
        {
            switch (await wire.ReceivePerformativeAsync())
            {
                case Attach { LinkName: "r" } attached:
                    sender = attached.Handle;
                    break;
                case Flow flow when flow.HasHandle && flow.Handle == sender:
                    Assert.Equal((5u, 0u), (flow.DeliveryCount, flow.LinkCredit));
                    return;
            }
        }
    }

    private static Message To(string device) => new() { Properties = new Properties { To = $"/devices/{device}/messages/devicebound" } };

    private static async Task RefusedAsync(TestHub hub, string user, string password) =>
        Assert.NotNull(await Record.ExceptionAsync(() => TestService.ConnectAsync(hub, user: user, password: password, withToken: false)));

    /// <summary>A mechanism without anything to say.</summary>
    private sealed class NamedProfile(string mechanism) : SaslProfile(new global::Amqp.Types.Symbol(mechanism))
    {
        protected override ITransport UpgradeTransport(ITransport transport) => transport;

        protected override global::Amqp.Types.DescribedList GetStartCommand(string hostname) => new SaslInit { Mechanism = Mechanism, InitialResponse = [] };

        protected override global::Amqp.Types.DescribedList OnCommand(global::Amqp.Types.DescribedList command) => null!;
    }
}
