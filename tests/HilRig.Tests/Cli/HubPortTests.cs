using HilRig.Cli;
using HubEmulator;

namespace HilRig.Tests.Cli;

/// <summary>Which ports <c>hilrig hub</c> takes, and what it says when it could not have the standard ones.</summary>
public sealed class HubPortTests
{
    [Fact]
    public async Task A_standard_port_that_is_taken_or_not_permitted_gives_way_and_says_so()
    {
        var mqtt = new HubPort("MQTT", 8883, asked: null);
        var https = new HubPort("HTTPS", 443, asked: null);
        HubPort[] ports = [mqtt, https];

        await using LocalHub hub = await HubPort.StartAsync(ports, () => StartAsync(mqtt.Wanted, https.Wanted));

        Assert.Equal((0, "8883 is in use"), (mqtt.Wanted, mqtt.Remark));
        Assert.Equal((0, "443 is not permitted for this user"), (https.Wanted, https.Remark));
    }

    [Fact]
    public async Task A_port_that_was_asked_for_is_taken_or_refused()
    {
        var mqtt = new HubPort("MQTT", 8883, asked: 8883);

        LocalHubException refused = await Assert.ThrowsAsync<LocalHubException>(() => HubPort.StartAsync([mqtt], () => StartAsync(mqtt.Wanted, 0)));

        Assert.Equal(8883, refused.Port);
        Assert.Null(mqtt.Remark);
    }

    [Fact]
    public async Task A_standard_port_that_was_asked_for_another_purpose_gives_way()
    {
        var mqtt = new HubPort("MQTT", 8883, asked: 443);
        var https = new HubPort("HTTPS", 443, asked: null);
        int asked = -1;

        await Assert.ThrowsAsync<LocalHubException>(() => HubPort.StartAsync([mqtt, https], () =>
        {
            asked = https.Wanted;
            throw new LocalHubException(LocalHubFault.PortInUse, "taken") { Port = 443 };
        }));

        Assert.Equal(0, asked);
    }

    [Fact]
    public async Task A_fault_that_no_port_can_help_is_the_users()
    {
        var mqtt = new HubPort("MQTT", 8883, asked: null);
        int starts = 0;

        await Assert.ThrowsAsync<LocalHubException>(() => HubPort.StartAsync([mqtt], () =>
        {
            starts++;
            throw new LocalHubException(LocalHubFault.DataFolderUnusable, "full");
        }));

        Assert.Equal(1, starts);
    }

    private static Task<LocalHub> StartAsync(int mqtt, int https) => (mqtt, https) switch
    {
        (8883, _) => throw new LocalHubException(LocalHubFault.PortInUse, "taken") { Port = 8883 },
        (_, 443) => throw new LocalHubException(LocalHubFault.PortNotPermitted, "forbidden") { Port = 443 },
        _ => LocalHub.StartAsync(new LocalHubOptions(), TestContext.Current.CancellationToken),
    };
}
