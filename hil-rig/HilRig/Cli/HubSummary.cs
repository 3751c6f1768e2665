using System.Net;
using System.Net.Sockets;
using HubEmulator;

namespace HilRig.Cli;

/// <summary>What <c>hilrig hub</c> prints at its start: where the hub is, what to paste, whom to trust. The last line begins <c>hub ready</c>.</summary>
internal static class HubSummary
{
    public static void Write(TextWriter output, LocalHub hub, IReadOnlyList<HubPort> ports, bool nameResolves, string certificates)
    {
        output.WriteLine($"A local IoT Hub, {hub.HostName}, listening on this machine only");
        output.WriteLine();
        WritePort(output, "MQTT", hub.MqttPort, ports);
        WritePort(output, "HTTPS", hub.HttpsPort, ports);
        WritePort(output, "AMQP", hub.AmqpPort, ports);
        output.WriteLine($"DPS        the same ports, with id scope {hub.IdScope}");
        output.WriteLine($"page       {hub.PageAddress} shows devices, twins and messages");
        output.WriteLine($"files      {hub.HubFile} tells programs all of this");
        if (!nameResolves)
        {
            output.WriteLine($"name       {hub.HostName} is not known to this machine's resolver. Add the line '127.0.0.1 {hub.HostName}' to /etc/hosts,");
            output.WriteLine("           or start the hub with --host-name 127.0.0.1, or write 127.0.0.1 into the strings below: the hub answers to it too.");
        }

        output.WriteLine();
        output.WriteLine($"service    {hub.ServiceConnectionString}");
        output.WriteLine($"events     {hub.EventHubConnectionString}");
        foreach (string device in hub.DeviceIds)
        {
            output.WriteLine($"device     {hub.DeviceConnectionString(device)}");
            if (hub.DeviceConnectionString(device).EndsWith(";x509=true", StringComparison.Ordinal) && DeviceCertificateFiles.In(certificates, device) is { Exist: true } files)
            {
                output.WriteLine($"           with certificate {files.CertificateFile}");
                output.WriteLine($"           and private key  {files.KeyFile}");
            }
        }

        output.WriteLine();
        WriteTrust(output, hub.CaFile);
        output.WriteLine();
        output.WriteLine($"hub ready: {hub.HostName}");
    }

    /// <summary>True when programs on this machine that ask the system for the name reach this machine.</summary>
    public static async Task<bool> ResolvesAsync(string hostName, CancellationToken cancellationToken)
    {
        try
        {
            IPAddress[] addresses = await Dns.GetHostAddressesAsync(hostName, cancellationToken);
            return addresses.Length > 0 && Array.TrueForAll(addresses, IPAddress.IsLoopback);
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void WritePort(TextWriter output, string name, int port, IReadOnlyList<HubPort> ports)
    {
        string? remark = ports.FirstOrDefault(one => one.Name == name)?.Remark;
        output.WriteLine($"{name,-10} port {port}{(remark is null ? "" : $", because {remark}")}");
    }

    private static void WriteTrust(TextWriter output, string caFile)
    {
        output.WriteLine($"trust      {caFile}");
        output.WriteLine($"           Node.js: export NODE_EXTRA_CA_CERTS='{caFile}'");
        output.WriteLine("           C, and this project's client: option TrustedCerts, with the content of that file");
        output.WriteLine($"           .NET on Linux, and what uses OpenSSL: export SSL_CERT_FILE='{caFile}' (in place of the system's authorities)");
    }
}
