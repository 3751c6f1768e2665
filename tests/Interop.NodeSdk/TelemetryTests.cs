using System.Globalization;
using System.Text.Json.Nodes;
using HubEmulator;
using Interop.NodeSdk.Support;

namespace Interop.NodeSdk;

public sealed class TelemetryTests(SdkPackages sdk)
{
    private const int Count = 1000;

    [Fact]
    public async Task A_thousand_messages_arrive_once_and_in_order_with_their_properties()
    {
        await using InteropHub hub = await InteropHub.StartAsync(sdk);
        await using NodeScript script = hub.Run("telemetry.js", ("COUNT", Count.ToString(CultureInfo.InvariantCulture)));

        JsonNode findings = await script.FindingsAsync();

        IReadOnlyList<ReceivedTelemetry> arrived = hub.Hub.Telemetry.Snapshot();
        string[] numbers = [.. Enumerable.Range(1, Count).Select(number => number.ToString(CultureInfo.InvariantCulture))];
        Assert.Equal(numbers, findings["confirmed"]!.AsArray().Select(number => number!.ToJsonString()));
        Assert.Equal(numbers.Select(number => $"m-{number}"), arrived.Select(message => message.MessageId));
        Assert.Equal(numbers.Select(number => $$"""{"number":{{number}}}"""), arrived.Select(message => message.Text()));
        Assert.Equal(numbers, arrived.Select(message => message.ApplicationProperties["number"]));
        Assert.All(arrived, message => Assert.Equal("50%=half + \"é\" /x?y#z", message.ApplicationProperties["a&b"]));
        Assert.All(arrived, message => Assert.Equal("", message.ApplicationProperties["empty"]));
        Assert.All(arrived, message => Assert.Equal("run 1/a", message.SystemProperties["$.cid"]));
        Assert.All(arrived, message => Assert.Equal("application/json", message.SystemProperties["$.ct"]));
        Assert.All(arrived, message => Assert.Equal("utf-8", message.SystemProperties["$.ce"]));
    }
}
