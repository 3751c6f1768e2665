using System.Runtime.InteropServices;

namespace Node.HubClient.Protocol;

/// <summary>What the client calls itself in the user name: <c>[{caller's}] SensorNode.HubClient/{ProductVersion.Text} ({system}; {architecture})</c>.</summary>
internal static class ProductName
{
    /// <summary>The text, not yet encoded.</summary>
    public static string For(string? callers)
    {
        string own = $"SensorNode.HubClient/{ProductVersion.Text} ({Environment.OSVersion.Platform}; {RuntimeInformation.ProcessArchitecture})";
        return callers is null ? own : $"{callers} {own}";
    }
}
