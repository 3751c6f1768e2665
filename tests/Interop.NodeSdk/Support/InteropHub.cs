using System.Globalization;
using HubEmulator;

namespace Interop.NodeSdk.Support;

/// <summary>A hub on free ports with one device, and scripts that find it.</summary>
internal sealed class InteropHub : IAsyncDisposable
{
    public const string DeviceId = "dev-01";
    public const string Key = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private InteropHub(LocalHub hub) => Hub = hub;

    public LocalHub Hub { get; }

    /// <summary>Bounds a wait for the hub.</summary>
    public CancellationToken Patience
    {
        get
        {
            _deadline.CancelAfter(Deadline);
            return _deadline.Token;
        }
    }

    /// <summary>Starts a hub, or skips the test where no script can run.</summary>
    public static async Task<InteropHub> StartAsync(SdkPackages sdk, LocalHubOptions? options = null)
    {
        Assert.SkipWhen(sdk.Missing is not null, sdk.Missing ?? "");
        options ??= new LocalHubOptions { Devices = [new LocalDevice(DeviceId, Key)] };
        return new InteropHub(await LocalHub.StartAsync(options, TestContext.Current.CancellationToken));
    }

    /// <summary>Starts a script with the hub's ports, its authority and both connection strings; settings of the test outrank these.</summary>
    public NodeScript Run(string script, params (string Key, string Value)[] settings)
    {
        var environment = new Dictionary<string, string>
        {
            ["HUB_HOST"] = Hub.HostName,
            ["HUB_MQTT_PORT"] = Hub.MqttPort.ToString(CultureInfo.InvariantCulture),
            ["HUB_HTTPS_PORT"] = Hub.HttpsPort.ToString(CultureInfo.InvariantCulture),
            ["HUB_AMQPS_PORT"] = Hub.AmqpPort.ToString(CultureInfo.InvariantCulture),
            ["EVENT_HUB_CONNECTION_STRING"] = Hub.EventHubConnectionString,
            ["HUB_CA_FILE"] = Hub.CaFile,
            ["NODE_EXTRA_CA_CERTS"] = Hub.CaFile, // all but the device's MQTT connection trust what the process trusts
            ["SERVICE_CONNECTION_STRING"] = Hub.ServiceConnectionString,
            ["DEVICE_ID"] = DeviceId,
        };
        if (Hub.DeviceIds.Contains(DeviceId))
        {
            environment["DEVICE_CONNECTION_STRING"] = Hub.DeviceConnectionString(DeviceId);
        }

        foreach ((string key, string value) in settings)
        {
            environment[key] = value;
        }

        return new NodeScript(script, environment);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        _deadline.Dispose();
    }
}
