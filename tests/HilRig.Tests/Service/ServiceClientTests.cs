using System.Text.Json.Nodes;
using HilRig.Bench;
using HilRig.Service;
using HubEmulator;

namespace HilRig.Tests.Service;

/// <summary>The client against the emulated hub, over loopback and TLS.</summary>
public sealed class ServiceClientTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new("hilrig-test-");
    private LocalHub? _hub;

    private string HubFilePath => Path.Combine(_folder.Path, "hub.json");

    public async ValueTask InitializeAsync() =>
        _hub = await LocalHub.StartAsync(new LocalHubOptions { DataFolder = _folder.Path, Devices = [new LocalDevice("pi-01")] }, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _hub!.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_desired_patch_is_stored_and_read_back()
    {
        using var service = new ServiceClient(HubFile.Read(HubFilePath), TimeProvider.System);

        JsonObject patched = await service.PatchDesiredAsync("pi-01", TwinAssignment.ToDesired([TwinAssignment.Parse("climate.interval=1s")]), TestContext.Current.CancellationToken);
        JsonObject read = await service.GetTwinAsync("pi-01", TestContext.Current.CancellationToken);

        Assert.Equal(2, PropertyAnswer.DesiredVersion(patched));
        Assert.Equal("1s", read["properties"]!["desired"]!["climate"]!["interval"]!.GetValue<string>());
        Assert.Null(PropertyAnswer.Find(read, ["climate", "interval"]));
    }

    [Fact]
    public async Task A_refusal_tells_status_and_reason()
    {
        using var service = new ServiceClient(HubFile.Read(HubFilePath), TimeProvider.System);

        RigException fault = await Assert.ThrowsAsync<RigException>(() => service.GetTwinAsync("stranger", TestContext.Current.CancellationToken));

        Assert.Equal(RigFault.HubRefused, fault.Fault);
        Assert.Contains("404", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_of_a_device_that_is_away_is_refused()
    {
        using var service = new ServiceClient(HubFile.Read(HubFilePath), TimeProvider.System);

        RigException fault = await Assert.ThrowsAsync<RigException>(() => service.CallMethodAsync("pi-01", "led*toggle", null, TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));

        Assert.Equal(RigFault.HubRefused, fault.Fault);
    }

    [Fact]
    public async Task A_hub_that_is_gone_is_named_with_its_address_and_what_to_do()
    {
        HubFile hub = HubFile.Read(HubFilePath);
        using var service = new ServiceClient(hub, TimeProvider.System);
        await _hub!.StopListeningAsync();

        RigException fault = await Assert.ThrowsAsync<RigException>(() => service.GetTwinAsync("pi-01", TestContext.Current.CancellationToken));

        Assert.Equal(RigFault.HubUnreachable, fault.Fault);
        Assert.Contains($":{hub.HttpsPort}", fault.Message, StringComparison.Ordinal);
        Assert.Contains("hilrig up", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hub_with_another_authority_is_not_trusted()
    {
        using var otherFolder = new TemporaryFolder("hilrig-test-");
        await using LocalHub other = await LocalHub.StartAsync(new LocalHubOptions { DataFolder = otherFolder.Path, Devices = [] }, TestContext.Current.CancellationToken);
        HubFile impostor = HubFile.Read(HubFilePath) with { HttpsPort = other.HttpsPort };
        using var service = new ServiceClient(impostor, TimeProvider.System);

        RigException fault = await Assert.ThrowsAsync<RigException>(() => service.GetTwinAsync("pi-01", TestContext.Current.CancellationToken));

        Assert.Equal(RigFault.HubUnreachable, fault.Fault);
    }

    [Theory]
    [InlineData("not json")]
    [InlineData("[]")]
    [InlineData("{\"hostName\":\"h\"}")]
    [InlineData("{\"hostName\":1,\"mqttPort\":\"x\"}")]
    public void A_file_that_no_hub_wrote_is_refused_by_its_name(string text)
    {
        string path = Path.Combine(_folder.Path, "other.json");
        File.WriteAllText(path, text);

        RigException fault = Assert.Throws<RigException>(() => HubFile.Read(path));

        Assert.Equal(RigFault.UnusableInput, fault.Fault);
        Assert.Contains("other.json", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_hub_is_remembered_and_forgotten_only_by_itself()
    {
        var last = new LastHub(Path.Combine(_folder.Path, "state"));

        Assert.Null(last.Find());
        Assert.True(last.TryRemember("/a/hub.json"));
        last.Forget("/b/hub.json");
        Assert.Equal("/a/hub.json", last.Find());
        last.Forget("/a/hub.json");
        Assert.Null(last.Find());
    }
}
