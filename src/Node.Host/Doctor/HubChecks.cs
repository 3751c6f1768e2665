using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Node.Host.Configuration;

namespace Node.Host.Doctor;

/// <summary>The way to the hub: name, ports, certificates, proxy, and whether its time is ours.</summary>
/// <param name="hub">How the hub is reached.</param>
/// <param name="time">Source of instants.</param>
/// <param name="assignedHost">The hub that the provisioning service named last; null for none.</param>
internal sealed class HubChecks(HubOptions hub, TimeProvider time, string? assignedHost = null)
{
    private static readonly TimeSpan TokensFail = TimeSpan.FromMinutes(5); // A token signed for a time that far off may be refused.
    private static readonly TimeSpan Noticeable = TimeSpan.FromSeconds(30);

    private readonly string _host = (hub.Dps is null ? hub.HostName : assignedHost) ?? "";

    public IEnumerable<DoctorCheck> All() =>
    [
        .. hub.Dps is { } dps ? [new DoctorCheck("dps", cancelled => ProvisioningAsync(dps, cancelled))] : (DoctorCheck[])[],
        .. _host.Length > 0 ? HubItself() : [new DoctorCheck("hub", NoHub)],
    ];

    private DoctorCheck[] HubItself() =>
    [
        new("hub-name", ResolveAsync),
        new("hub-proxy", ProxyAsync),
        new("hub-mqtt", cancelled => HandshakeAsync(_host, hub.Port, "MQTT", cancelled)),
        new("hub-https", cancelled => HandshakeAsync(_host, hub.HttpsPort, "HTTPS", cancelled)),
        new("hub-clock", ClockAsync),
    ];

    private Finding NoHub() => Finding.Ok(hub.Dps is null ? "not asked: there is no hub in the settings" : "not asked: the provisioning service has named none yet");

    private Task<Finding> ProvisioningAsync(DpsOptions dps, CancellationToken cancellationToken)
    {
        bool overWebSocket = hub.Protocol != HubClient.HubProtocol.Mqtt;
        return HandshakeAsync(dps.Config.HostName, overWebSocket ? hub.HttpsPort : dps.Port, "the provisioning service", cancellationToken);
    }

    private async Task<Finding> ResolveAsync(CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await HubPath.ResolveAsync(_host, cancellationToken);
            return Finding.Ok($"{_host} is {string.Join(", ", addresses.Take(3))}");
        }
        catch (SocketException unknown)
        {
            return Finding.Error($"{_host} cannot be resolved ({unknown.Message})",
                "compare the name with the hub's page; look at the name server in /etc/resolv.conf, and at the network's cable or Wi-Fi");
        }
    }

    private async Task<Finding> ProxyAsync(CancellationToken cancellationToken)
    {
        if (hub.Proxy is not { } proxy)
        {
            return Finding.Ok("none");
        }

        try
        {
            await HubPath.ReachAsync(proxy, cancellationToken);
            return Finding.Ok($"{proxy.Host}:{proxy.Port} answers");
        }
        catch (SocketException refused)
        {
            return Finding.Error($"the proxy {proxy.Host}:{proxy.Port} cannot be reached ({refused.Message})", "compare Node:Hub:Proxy:Host and Port, or remove the proxy");
        }
    }

    private async Task<Finding> HandshakeAsync(string host, int port, string what, CancellationToken cancellationToken)
    {
        string remedy = port == hub.Port && hub.Protocol == HubClient.HubProtocol.Mqtt
            ? $"let TCP port {port} out through the firewall, or set Node:Hub:Protocol to mqttWebSocket, which needs {hub.HttpsPort} only"
            : $"let TCP port {port} out through the firewall";
        try
        {
            DateTime end = await new HubPath(host, hub).HandshakeAsync(port, cancellationToken);
            return ConfigurationChecks.Expiry(end, time.GetUtcNow().UtcDateTime, "the hub's certificate", "renew it at the hub; the device cannot")
                ?? Finding.Ok($"{what} at {host}:{port} answers with a certificate that is trusted");
        }
        catch (AuthenticationException untrusted)
        {
            return Finding.Error($"{host}:{port} has a certificate that is not trusted ({untrusted.Message})",
                "set Node:Hub:TrustedRootsFile to the root of an emulator or proxy that intercepts, or install ca-certificates; check the clock too");
        }
        catch (Exception refused) when (refused is SocketException or IOException)
        {
            return Finding.Error($"{host}:{port} cannot be reached ({refused.Message})", remedy);
        }
    }

    private async Task<Finding> ClockAsync(CancellationToken cancellationToken)
    {
        try
        {
            DateTimeOffset? theirs = await new HubPath(_host, hub).DateAsync(hub.HttpsPort, cancellationToken);
            return theirs is { } date ? Compare(time.GetUtcNow() - date) : Finding.Warning("the hub's HTTPS side tells no time", "compare the clock by hand: date -u");
        }
        catch (Exception unreachable) when (unreachable is SocketException or IOException or AuthenticationException)
        {
            return Finding.Warning("the hub's time cannot be asked", "see the check hub-https");
        }
    }

    private static Finding Compare(TimeSpan off)
    {
        TimeSpan difference = off.Duration();
        string text = string.Create(CultureInfo.InvariantCulture, $"this clock is {difference.TotalSeconds:0} s {(off > TimeSpan.Zero ? "ahead of" : "behind")} the hub's");
        const string Remedy = "let UDP port 123 out and start a time service: sudo timedatectl set-ntp true; on balena check that the network lets NTP through";
        return difference > TokensFail ? Finding.Error($"{text}: tokens would be refused", Remedy)
            : difference > Noticeable ? Finding.Warning(text, Remedy)
            : Finding.Ok(text);
    }
}
