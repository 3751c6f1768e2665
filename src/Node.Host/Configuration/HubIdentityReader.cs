using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Node.HubClient;

namespace Node.Host.Configuration;

/// <summary>
/// Reads who the node is to the hub: a connection string, a certificate, or a registration at the provisioning service. Faults name the
/// setting and quote no secret.
/// </summary>
internal sealed class HubIdentityReader(SettingsReader settings)
{
    private const string Hub = "Node:Hub";
    private const string Dps = "Node:Hub:Dps";

    /// <summary>The options with an identity in them; without one when none is configured.</summary>
    public HubOptions Read(HubOptions options)
    {
        string? connectionString = settings.Text($"{Hub}:ConnectionString");
        string? hostName = settings.Text($"{Hub}:HostName");
        string? deviceId = settings.Text($"{Hub}:DeviceId");
        X509Certificate2Collection? chain = ReadCertificate();
        DpsOptions? dps = ReadDps(deviceId, chain);
        if (connectionString is not null)
        {
            return FromText(options, connectionString, chain);
        }

        return dps is not null ? options with { Dps = dps, DeviceId = dps.Config.RegistrationId }
            : hostName is not null ? WithCertificate(options, hostName, deviceId, chain)
            : options;
    }

    private HubOptions FromText(HubOptions options, string text, X509Certificate2Collection? chain)
    {
        if (!HubConnectionString.TryFindDeviceId(text, out string deviceId, out string reason))
        {
            settings.Fault($"{Hub}:ConnectionString", reason);
        }
        else if (HubConnectionString.Part(text, "x509").Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return WithCertificate(options, HubConnectionString.Part(text, "HostName"), deviceId, chain);
        }
        else if (HubConnectionString.FindFault(text) is { } fault)
        {
            settings.Fault($"{Hub}:ConnectionString", fault);
        }

        return options with { ConnectionString = text, DeviceId = deviceId };
    }

    private HubOptions WithCertificate(HubOptions options, string hostName, string? deviceId, X509Certificate2Collection? chain)
    {
        if (deviceId is null)
        {
            settings.Fault($"{Hub}:DeviceId", "is missing; with a certificate the node must be told its device id");
            return options;
        }

        if (chain is null)
        {
            settings.Fault($"{Hub}:Certificate", $"is missing or cannot be used; give the certificate of {deviceId} and {Hub}:CertificateKey, in PEM");
            return options;
        }

        var device = new DeviceConfig { HostName = hostName, DeviceId = deviceId, Certificate = chain[0], CertificateChain = Others(chain) };
        return options with { Device = device, DeviceId = deviceId };
    }

    private DpsOptions? ReadDps(string? deviceId, X509Certificate2Collection? chain)
    {
        string? scope = settings.Text($"{Dps}:IdScope");
        string? registration = settings.Text($"{Dps}:RegistrationId") ?? deviceId?.ToLowerInvariant();
        string? key = settings.Text($"{Dps}:SymmetricKey");
        string? groupKey = settings.Text($"{Dps}:GroupKey");
        string host = settings.Text($"{Dps}:HostName", "global.azure-devices-provisioning.net")!;
        int port = settings.Integer($"{Dps}:Port", 8883, 1, 65_535);
        if (scope is null)
        {
            return null;
        }

        if (registration is null)
        {
            settings.Fault($"{Dps}:RegistrationId", "is missing; it is the name under which the device is enrolled");
            return null;
        }

        X509Certificate2Collection? shown = key is null && groupKey is null ? chain : null;
        if ((key is null ? 0 : 1) + (groupKey is null ? 0 : 1) + (shown is null ? 0 : 1) != 1)
        {
            settings.Fault($"{Dps}:SymmetricKey", $"one credential is needed and no more: {Dps}:SymmetricKey, {Dps}:GroupKey, or {Hub}:Certificate with {Hub}:CertificateKey");
            return null;
        }

        var config = new DpsConfig
        {
            HostName = host,
            IdScope = scope,
            RegistrationId = registration,
            SymmetricKey = key,
            GroupKey = groupKey,
            Certificate = shown?[0],
            CertificateChain = shown is null ? null : Others(shown),
        };
        return Check(config) ? new DpsOptions { Config = config, Port = port } : null;
    }

    /// <summary>Lets the client judge the parts now, so that a malformed one is a fault at the start and not an error for ever.</summary>
    private bool Check(DpsConfig config)
    {
        try
        {
            DpsClient.Create(config).Dispose();
            return true;
        }
        catch (Exception malformed) when (malformed is FormatException or ArgumentException)
        {
            settings.Fault(Dps, malformed.Message);
            return false;
        }
    }

    /// <summary>The certificate with its private key first, then those that lead to its root; null when there is none, or it is at fault.</summary>
    private X509Certificate2Collection? ReadCertificate()
    {
        string? certificate = settings.Text($"{Hub}:Certificate");
        string? key = settings.Text($"{Hub}:CertificateKey");
        if (certificate is null && key is null)
        {
            return null;
        }

        string missing = certificate is null ? "Certificate" : "CertificateKey";
        if (certificate is null || key is null)
        {
            settings.Fault($"{Hub}:{missing}", "is missing; certificate and key belong together");
            return null;
        }

        try
        {
            string pem = Pem(certificate);
            var chain = new X509Certificate2Collection();
            chain.ImportFromPem(pem);
            chain[0].Dispose();
            chain[0] = X509Certificate2.CreateFromPem(pem, Pem(key));
            return chain;
        }
        catch (Exception malformed) when (malformed is CryptographicException or FormatException or ArgumentException)
        {
            settings.Fault($"{Hub}:Certificate", "certificate and key are no PEM texts (plain or in base64) that belong together; give them again");
            return null;
        }
    }

    /// <summary>A PEM text, plain or in base64 as a fleet's variables carry it.</summary>
    private static string Pem(string text) =>
        text.Contains("-----BEGIN", StringComparison.Ordinal) ? text : Encoding.UTF8.GetString(Convert.FromBase64String(text));

    private static X509Certificate2Collection? Others(X509Certificate2Collection chain) =>
        chain.Count > 1 ? [.. chain.Skip(1)] : null;
}
