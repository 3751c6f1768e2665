using Node.HubClient.Tests.Support;

namespace Node.HubClient.Tests.Quirks;

/// <summary>The client over its real link to a hub on loopback. Real time enters as a deadline only.</summary>
internal static class LoopbackClient
{
    private const string Identity = "HostName=hub.localhost;DeviceId=dev1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>A client of this hub.</summary>
    public static IotHubClientLL Create(LoopbackHub hub, HubClientOptions? options = null) =>
        Create(hub.Port, (options ?? new HubClientOptions()) with { TrustedRootsPem = hub.RootPem });

    /// <summary>A client of whoever listens on this port.</summary>
    public static IotHubClientLL Create(int port, HubClientOptions options) =>
        IotHubClientLL.CreateFromConnectionString(Identity, options with { Port = port });

    /// <summary>Turns until something has come about.</summary>
    public static void Work(IotHubClientLL client, Func<bool> until)
    {
        long start = TimeProvider.System.GetTimestamp();
        while (!until())
        {
            client.DoWork();
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Deadline, "not within the deadline");
        }
    }
}
