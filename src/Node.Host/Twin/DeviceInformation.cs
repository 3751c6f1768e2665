using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Node.Host.Twin;

/// <summary>What runs where: the properties of <c>dtmi:azure:DeviceManagement:DeviceInformation;1</c>, memory and storage in KB.</summary>
internal sealed record DeviceInformation(IReadOnlyDictionary<string, JsonNode> Properties)
{
    private const string ModelFile = "/proc/device-tree/model"; // On a Pi: "Raspberry Pi 4 Model B Rev 1.4", ended by a NUL.

    /// <summary>Reads what this machine tells of itself; what it does not tell becomes <c>unknown</c>.</summary>
    public static DeviceInformation Read(string version, string dataFolder)
    {
        string model = ReadModel();
        return new DeviceInformation(new Dictionary<string, JsonNode>
        {
            ["manufacturer"] = model.StartsWith("Raspberry Pi", StringComparison.Ordinal) ? "Raspberry Pi" : "unknown",
            ["model"] = model,
            ["swVersion"] = version,
            ["osName"] = RuntimeInformation.OSDescription,
            ["processorArchitecture"] = RuntimeInformation.ProcessArchitecture.ToString(),
            ["processorManufacturer"] = model.StartsWith("Raspberry Pi", StringComparison.Ordinal) ? "Broadcom" : "unknown",
            ["totalMemory"] = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024,
            ["totalStorage"] = StorageKilobytes(dataFolder),
        });
    }

    private static string ReadModel()
    {
        try
        {
            return File.Exists(ModelFile) ? File.ReadAllText(ModelFile).TrimEnd('\0', '\n') : "unknown";
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return "unknown";
        }
    }

    private static long StorageKilobytes(string folder)
    {
        try
        {
            return new DriveInfo(folder).TotalSize / 1024;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return 0;
        }
    }
}
