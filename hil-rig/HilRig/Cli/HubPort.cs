using System.CommandLine;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>
/// One of the hub's ports on the command line. A port that was asked for is taken or refused; the standard one, which clients dial when they are
/// told no port, gives way to any free one where it is not to be had.
/// </summary>
internal sealed class HubPort(string name, int standard, int? asked)
{
    /// <summary>What the port serves, for people.</summary>
    public string Name { get; } = name;

    /// <summary>What to ask the hub for: 0 means any free port.</summary>
    public int Wanted { get; private set; } = asked ?? standard;

    /// <summary>Why the standard port is not the one, such as <c>8883 is in use</c>; null where nothing is to be said.</summary>
    public string? Remark { get; private set; }

    private bool MayGiveWay => asked is null && Wanted == standard;

    /// <summary>An option that takes 0 to 65535.</summary>
    public static Option<int?> Option(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.Limit(0, 65_535);
        return option;
    }

    /// <summary>Starts a hub; <paramref name="start"/> is asked again, with what the ports then want, as long as a standard port gives way.</summary>
    /// <exception cref="LocalHubException">The hub cannot start, and no port can help it.</exception>
    public static async Task<LocalHub> StartAsync(IReadOnlyList<HubPort> ports, Func<Task<LocalHub>> start)
    {
        foreach (HubPort port in ports)
        {
            port.GiveWayIfAskedFor(ports);
        }

        while (true) // each round but the last takes a standard port away
        {
            try
            {
                return await start();
            }
            catch (LocalHubException fault) when (fault.Port is > 0 && ports.FirstOrDefault(port => port.MayGiveWay && port.Wanted == fault.Port) is { } port)
            {
                port.GiveWay(fault.Fault == LocalHubFault.PortInUse ? "is in use" : "is not permitted for this user");
            }
        }
    }

    private void GiveWayIfAskedFor(IReadOnlyList<HubPort> all)
    {
        if (MayGiveWay && all.Any(other => other != this && other.Wanted == Wanted && !other.MayGiveWay))
        {
            GiveWay("was asked for something else");
        }
    }

    private void GiveWay(string reason)
    {
        Remark = $"{standard} {reason}";
        Wanted = 0;
    }
}
