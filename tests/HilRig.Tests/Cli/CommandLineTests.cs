using HilRig.Bench;
using HilRig.Cli;
using HilRig.Tests.Proofs;
using HubEmulator;

namespace HilRig.Tests.Cli;

/// <summary>What the program answers to its users: exit codes, one-line errors, and the hub command.</summary>
[Collection(OneBenchAtATime.Name)]
public sealed class CommandLineTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private readonly TemporaryFolder _state = new("hilrig-test-");

    public void Dispose() => _state.Dispose();

    [Theory]
    [InlineData("", 2, "hilrig: Required command was not provided. See 'hilrig --help'.")]
    [InlineData("up --for 2", 2, "hilrig: --for takes 5 to 86400 seconds. See 'hilrig up --help'.")]
    [InlineData("up --for abc", 2, "hilrig: --for takes 5 to 86400 seconds. See 'hilrig up --help'.")]
    [InlineData("hub --data /tmp/x --amqp-port ten", 2, "hilrig: --amqp-port takes 0 to 65535. See 'hilrig hub --help'.")]
    [InlineData("method call led*toggle --timeout soon", 2, "hilrig: --timeout takes 5 to 300 seconds. See 'hilrig method call --help'.")]
    [InlineData("up --trace /nowhere.csv", 2, "hilrig: /nowhere.csv: no such trace")]
    [InlineData("run", 2, "See 'hilrig run --help'.")]
    [InlineData("run /nowhere.yaml", 2, "hilrig: /nowhere.yaml: no such scenario file or folder")]
    [InlineData("twin set climate.interval", 2, "write PATH=VALUE")]
    [InlineData("twin get", 1, "hilrig: no hub is known; start one with 'hilrig up'")]
    [InlineData("method call led*toggle --hub /nowhere/hub.json", 1, "/nowhere/hub.json: no such file")]
    [InlineData("hub --data /tmp/x --dps-group line", 2, "--dps-group takes NAME=KEY, each name once.")]
    [InlineData("hub --data /tmp/x --dps-group line=a --dps-group LINE=b", 2, "--dps-group takes NAME=KEY, each name once.")]
    [InlineData("hub", 2, "See 'hilrig hub --help'.")]
    [InlineData("hub --data /tmp/x --mqtt-port 70000", 2, "--mqtt-port takes 0 to 65535.")]
    [InlineData("hub --data /tmp/x --blob-store 127.0.0.1:10000/a", 2, "--blob-store and --blob-account NAME=KEY go together")]
    [InlineData("hub --data /tmp/x --blob-account a=QUJD", 2, "--blob-store and --blob-account NAME=KEY go together")]
    [InlineData("hub --data /tmp/x --device-x509 lamp=/nowhere.pem", 2, "/nowhere.pem: ")]
    [InlineData("hub --data /tmp/x --device-ca /nowhere.pem", 2, "--device-ca takes a PEM file with the certificate of an authority.")]
    [InlineData("hub certificate lamp --data /tmp/x --days 0", 2, "--days takes 1 to 3650.")]
    [InlineData("hub --data /tmp/x --dps-x509 sn-007", 2, "--dps-x509 takes ID=FILE.")]
    [InlineData("hub --data /tmp/x --dps-group-ca line=/nowhere.pem", 2, "/nowhere.pem: ")]
    [InlineData("--help", 0, "Commands:")]
    public async Task A_mistake_is_answered_in_a_line_with_what_to_do(string arguments, int expected, string text)
    {
        (int exitCode, string output) = await RigProcess.RunAsync(_state, Deadline, arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(expected, exitCode);
        Assert.Contains(text, output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hub_command_announces_itself_writes_its_files_and_ends_at_an_interrupt()
    {
        string data = Path.Combine(_state.Path, "hub");
        await using RigProcess hub = RigProcess.Start(
            _state, "hub", "--data", data, "--mqtt-port", "0", "--https-port", "0", "--page-port", "0", "--amqp-port", "0", "--dps-group", "g=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=", "--device", "a", "--device", "b=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        await hub.HearAsync("hub ready");
        await hub.HearAsync("DeviceId=b;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

        (int getExit, string get) = await RigProcess.RunAsync(_state, Deadline, "twin", "get", "a", "--data", data);
        (int anyExit, string any) = await RigProcess.RunAsync(_state, Deadline, "twin", "get");
        await hub.InterruptAsync();
        int exitCode = await hub.ExitAsync(Deadline);

        Assert.True(getExit == 0, get);
        Assert.Equal(2, anyExit);
        Assert.Contains("name the device; the hub knows a, b", any, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.True(File.Exists(Path.Combine(data, "ca.pem")));
        Assert.True(File.Exists(Path.Combine(data, "hub.json")));
        Assert.Contains("AMQP       port ", hub.Output, StringComparison.Ordinal);
        Assert.Contains("with id scope 0ne00000000", hub.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(data, "hub.db")));
    }

    [Fact]
    public void A_store_outside_keeps_the_padding_of_its_key_and_has_a_container_by_default()
    {
        BlobStorage storage = OutsideStore.Describe("127.0.0.1:10000/a", "a=QUJDRA==", null);

        Assert.Equal(("127.0.0.1:10000/a", "a", "QUJDRA==", "uploads"), (storage.Endpoint, storage.AccountName, storage.AccountKey, storage.Container));
        Assert.Equal("logs", OutsideStore.Describe("h", "a=QUJD", "logs").Container);
    }

    [Theory]
    [InlineData("pi-01", "pi-01", null)]
    [InlineData("pi-01=QUJD", "pi-01", "QUJD")]
    [InlineData("pi-01=QUJDRA==", "pi-01", "QUJDRA==")]
    public void A_device_may_bring_its_key(string text, string id, string? key)
    {
        LocalDevice device = HubCommand.ParseDevice(text);

        Assert.Equal((id, key), (device.Id, device.PrimaryKey));
    }
}
