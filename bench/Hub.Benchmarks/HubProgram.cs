using System.Text.Json;
using HubEmulator;

namespace Hub.Benchmarks;

/// <summary>The hub's side: starts it on free ports with a data folder, prints where, and runs until standard input ends.</summary>
internal static class HubProgram
{
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("hub-scale-").FullName;
        try
        {
            await using LocalHub hub = await LocalHub.StartAsync(new LocalHubOptions { DataFolder = folder, HostName = "127.0.0.1" }, cancellationToken);
            await Console.Out.WriteLineAsync(JsonSerializer.Serialize(new HubAddress(hub.MqttPort, hub.HttpsPort, hub.ServiceConnectionString, File.ReadAllText(hub.CaFile))));
            while (await Console.In.ReadLineAsync(cancellationToken) is not null)
            {
                GC.Collect(); // a line asks for the memory that is really held
                GC.WaitForPendingFinalizers();
                GC.Collect();
                await Console.Out.WriteLineAsync($"{GC.GetTotalMemory(forceFullCollection: true)} {GC.GetTotalAllocatedBytes()} {hub.Telemetry.Received}");
            }

            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
