using System.CommandLine;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary>The options that say which hub and which device a service command means.</summary>
internal static class HubChoice
{
    public static readonly Option<string?> Hub = new("--hub") { Description = "The hub.json of the hub (default: that of the last 'hilrig up' or 'hilrig hub').", HelpName = "FILE" };

    public static readonly Option<string?> Data = new("--data") { Description = "The folder that holds hub.json.", HelpName = "DIR" };

    public static readonly Option<bool> Json = new("--json") { Description = "Answer as one JSON document, for scripts." };

    /// <exception cref="RigException">No hub is known.</exception>
    public static HubFile Find(ParseResult parsed)
    {
        string? path = parsed.GetValue(Hub) ?? (parsed.GetValue(Data) is { } folder ? Path.Combine(folder, "hub.json") : LastHub.OfThisUser().Find());
        return path is not null
            ? HubFile.Read(path)
            : throw new RigException(RigFault.HubUnreachable, "no hub is known; start one with 'hilrig up' or 'hilrig hub --data DIR', or name its file with --hub FILE");
    }

    /// <summary>The named device, or the hub's only one.</summary>
    /// <exception cref="RigException">None was named and the hub knows none or several.</exception>
    public static string Device(string? named, HubFile hub) => (named, hub.Devices) switch
    {
        ({ Length: > 0 }, _) => named,
        (_, [string only]) => only,
        _ => throw new RigException(RigFault.UnusableInput, $"name the device; the hub knows {(hub.Devices.Count == 0 ? "none" : string.Join(", ", hub.Devices.Take(10)))}"),
    };
}
