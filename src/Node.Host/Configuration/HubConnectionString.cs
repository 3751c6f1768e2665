using Node.HubClient;

namespace Node.Host.Configuration;

/// <summary>The parts of a device connection string that are no secret: enough to check it early and to show whose it is.</summary>
internal static class HubConnectionString
{
    /// <summary>Finds the device id, or says which part is missing without quoting any.</summary>
    public static bool TryFindDeviceId(string connectionString, out string deviceId, out string reason)
    {
        Dictionary<string, string> parts = PartsOf(connectionString);
        deviceId = parts.GetValueOrDefault("DeviceId", "");
        string[] missing = [.. ((string[])["HostName", "DeviceId"]).Where(name => parts.GetValueOrDefault(name, "").Length == 0)];
        reason = $"the {(missing.Length == 1 ? "part" : "parts")} {string.Join(" and ", missing)} {(missing.Length == 1 ? "is" : "are")} missing; expected is HostName=...;DeviceId=...;SharedAccessKey=...";
        return missing.Length == 0;
    }

    /// <summary>What the hub client will not take, in its own words, which quote no value; null for nothing.</summary>
    public static string? FindFault(string connectionString)
    {
        const string Subject = "Connection string: "; // Whoever tells it names the setting.
        try
        {
            IotHubClientLL.CreateFromConnectionString(connectionString).Dispose();
            return null;
        }
        catch (FormatException malformed)
        {
            return malformed.Message.StartsWith(Subject, StringComparison.Ordinal) ? malformed.Message[Subject.Length..] : malformed.Message;
        }
    }

    /// <summary>One part by name; empty when it is missing. <c>SharedAccessKey</c> is a secret: it must be shown nowhere.</summary>
    public static string Part(string connectionString, string name) => PartsOf(connectionString).GetValueOrDefault(name, "");

    private static Dictionary<string, string> PartsOf(string connectionString)
    {
        Dictionary<string, string> parts = new(StringComparer.OrdinalIgnoreCase);
        foreach (string part in connectionString.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            int mark = part.IndexOf('=', StringComparison.Ordinal);
            parts[mark > 0 ? part[..mark] : ""] = part[(mark + 1)..];
        }

        return parts;
    }
}
