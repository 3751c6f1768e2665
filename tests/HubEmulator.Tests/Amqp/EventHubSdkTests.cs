using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Azure.Messaging.EventHubs;
using Azure.Messaging.EventHubs.Consumer;
using HubEmulator.Tests.Live;

namespace HubEmulator.Tests.Amqp;

/// <summary>The official .NET SDK of Event Hubs, unmodified, reads telemetry. It asks <c>$management</c> with a token in each request and puts none before.</summary>
public sealed class EventHubSdkTests
{
    private const string Group = EventHubConsumerClient.DefaultConsumerGroupName;

    [Fact]
    public async Task Telemetry_is_read_from_the_beginning_with_its_properties()
    {
        await using TestHub hub = await TestHub.StartAsync();
        await using TestDevice device = await hub.ConnectAsync();
        await device.PublishAsync("devices/dev-01/messages/events/%24.mid=m1&%24.ct=application%2Fjson&level=high", """{"t":1}""");
        await device.PublishAsync("devices/dev-01/messages/events/", "2");
        await using EventHubConsumerClient reader = Reader(hub);

        EventHubProperties entity = await reader.GetEventHubPropertiesAsync(TestContext.Current.CancellationToken);
        PartitionProperties partition = await reader.GetPartitionPropertiesAsync("0", TestContext.Current.CancellationToken);
        List<EventData> read = await ReadAsync(reader, 2);

        Assert.Equal(("hub", 4), (entity.Name, entity.PartitionIds.Length));
        Assert.Equal((0L, 1L, false), (partition.BeginningSequenceNumber, partition.LastEnqueuedSequenceNumber, partition.IsEmpty));
        Assert.Equal(["""{"t":1}""", "2"], read.Select(one => one.EventBody.ToString()));
        Assert.Equal(("m1", "application/json", "high"), (read[0].MessageId, read[0].ContentType, read[0].Properties["level"]));
        Assert.Equal("dev-01", read[0].SystemProperties["iothub-connection-device-id"]);
        Assert.Equal((0L, 1L), (read[0].SequenceNumber, read[1].SequenceNumber));
    }

    private static async Task<List<EventData>> ReadAsync(EventHubConsumerClient reader, int count)
    {
        var read = new List<EventData>();
        await foreach (PartitionEvent one in reader.ReadEventsFromPartitionAsync("0", EventPosition.Earliest, TestContext.Current.CancellationToken))
        {
            read.Add(one.Data);
            if (read.Count == count)
            {
                break;
            }
        }

        return read;
    }

    private static EventHubConsumerClient Reader(TestHub hub)
    {
        var options = new EventHubConnectionOptions
        {
            CustomEndpointAddress = new Uri($"sb://localhost:{hub.Hub.AmqpPort}"), // it takes no port from a connection string
            CertificateValidationCallback = (_, certificate, _, errors) => IsTrusted(hub, certificate!, errors),
        };
        return new EventHubConsumerClient(Group, new EventHubConnection(hub.Hub.EventHubConnectionString, options));
    }

    private static bool IsTrusted(TestHub hub, X509Certificate certificate, SslPolicyErrors errors)
    {
        using var chain = new X509Chain { ChainPolicy = hub.Trust() };
        using X509Certificate2 presented = X509CertificateLoader.LoadCertificate(certificate.GetRawCertData());
        return chain.Build(presented) && !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch);
    }
}
