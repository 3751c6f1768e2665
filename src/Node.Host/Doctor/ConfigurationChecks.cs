using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;

namespace Node.Host.Doctor;

/// <summary>What the node was told: settings, credentials, trust.</summary>
internal sealed class ConfigurationChecks(LoadedConfiguration loaded, IConfiguration configuration, MachineView machine, TimeProvider time)
{
    private const int ShortestKeyBytes = 16;

    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);
    private static readonly string[] SystemRoots = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

    public IEnumerable<DoctorCheck> All() =>
    [
        new("configuration", Settings),
        new("credentials", Credentials),
        new("trusted-roots", Roots),
        new("secret-files", SecretFilesAreClosed),
    ];

    private Finding Settings()
    {
        string warnings = string.Join("; ", loaded.Warnings);
        return loaded.Faults.Count > 0
            ? Finding.Error(string.Join("; ", loaded.Faults), "put the settings right; 'sensornode config schema' lists what is allowed")
            : loaded.Warnings.Count > 0 ? Finding.Warning(warnings, "correct or remove these settings; 'sensornode config show --sources' tells where each comes from")
            : Finding.Ok($"{Counted.Of(loaded.Options.Sensors.Count, "sensor")}, {Counted.Of(loaded.Options.Actuators.Count, "actuator")}, no fault");
    }

    private Finding Credentials()
    {
        const string Set = "set Node__Hub__ConnectionString (or Node__Hub__ConnectionString__File) to the device's connection string, as the hub's device page shows it";
        HubOptions hub = loaded.Options.Hub;
        if (hub.Certificate is { } certificate)
        {
            return Expiry(certificate.NotAfter.ToUniversalTime(), time.GetUtcNow().UtcDateTime, "the device's certificate", "issue a new one and give it as Node:Hub:Certificate and Node:Hub:CertificateKey")
                ?? Finding.Ok($"device {hub.DeviceId} at {hub.HostName}, by a certificate that is valid until {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd}");
        }

        if (hub.Dps is { } dps)
        {
            return Finding.Ok($"registration {dps.Config}, by a {(dps.Config.GroupKey is null ? "key of its own" : "key derived from its group's")}");
        }

        if (hub.ConnectionString is not { } text)
        {
            return Finding.Warning("no connection string: readings stay on this device", Set);
        }

        if (!HubConnectionString.TryFindDeviceId(text, out string deviceId, out string reason))
        {
            return Finding.Error($"the connection string cannot be used: {reason}", Set);
        }

        string key = HubConnectionString.Part(text, "SharedAccessKey");
        bool isKey = key.Length == 0 || (TryDecode(key, out int bytes) && bytes >= ShortestKeyBytes);
        return !isKey ? Finding.Error($"the shared access key of {deviceId} is no base64 text of at least {ShortestKeyBytes} bytes", "copy the key again, whole, with its '=' at the end")
            : Finding.Ok($"device {deviceId} at {HubConnectionString.Part(text, "HostName")}");
    }

    private static bool TryDecode(string key, out int bytes) => Convert.TryFromBase64String(key, new byte[key.Length], out bytes);

    private Finding Roots()
    {
        if (loaded.Options.Hub.TrustedRootsPem is not { } pem)
        {
            return SystemRoots.Any(file => File.Exists(machine.PathOf(file)))
                ? Finding.Ok("the system's")
                : Finding.Error("the system has no trusted roots, so no hub can be believed", "install the package ca-certificates (in the image: apt-get install -y ca-certificates)");
        }

        const string Replace = "replace the file that Node:Hub:TrustedRootsFile names by the PEM file of the hub's root";
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPem(pem);
        }
        catch (CryptographicException malformed)
        {
            return Finding.Error($"the trusted roots are no PEM certificates ({malformed.Message})", Replace);
        }

        DateTime now = time.GetUtcNow().UtcDateTime;
        return roots.Count == 0 ? Finding.Error("the trusted roots hold no certificate", Replace)
            : Expiry(roots.Min(root => root.NotAfter).ToUniversalTime(), now, "a trusted root", Replace) ?? Finding.Ok($"{roots.Count} of Node:Hub:TrustedRootsFile");
    }

    /// <summary>What is wrong with a certificate that ends at <paramref name="end"/>; null when nothing is.</summary>
    public static Finding? Expiry(DateTime end, DateTime now, string whose, string remedy)
    {
        string day = end.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        return end < now ? Finding.Error($"{whose} has expired on {day}", remedy)
            : end - now < Soon ? Finding.Warning($"{whose} expires on {day}", remedy)
            : null;
    }

    private Finding SecretFilesAreClosed()
    {
        List<string> open = [];
        int files = 0;
        foreach ((string key, string? file) in configuration.GetSection("Node").AsEnumerable())
        {
            bool isSecretFile = file is not null && key.EndsWith(SecretFiles.Suffix, StringComparison.OrdinalIgnoreCase) && Secrets.IsSecret(key[..^SecretFiles.Suffix.Length]);
            if (isSecretFile && File.Exists(file))
            {
                files++;
                bool others = !OperatingSystem.IsWindows() && (File.GetUnixFileMode(file!) & (UnixFileMode.OtherRead | UnixFileMode.OtherWrite)) != 0;
                open.AddRange(others ? [file!] : []);
            }
        }

        return open.Count > 0
            ? Finding.Warning($"every user can read {string.Join(", ", open)}", $"close it: chmod 600 {string.Join(' ', open)}")
            : Finding.Ok(files == 0 ? "none" : $"{files}, closed to others");
    }
}
