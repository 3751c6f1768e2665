using System.Reflection;
using System.Runtime.InteropServices;

namespace Node.HubClient.Protocol;

/// <summary>What the client calls itself in the user name: <c>[{caller's}] SensorNode.HubClient/{version} ({system}; {architecture})</c>.</summary>
internal static class ProductName
{
    /// <summary>The text, not yet encoded.</summary>
    public static string For(string? callers)
    {
        string version = typeof(ProductName).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0";
        string own = $"SensorNode.HubClient/{version} ({Environment.OSVersion.Platform}; {RuntimeInformation.ProcessArchitecture})";
        return callers is null ? own : $"{callers} {own}";
    }
}
