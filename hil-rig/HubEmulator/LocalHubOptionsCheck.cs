using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using HubEmulator.Identity;
using HubEmulator.Provisioning;

namespace HubEmulator;

/// <summary>The ranges of the options, told one fault at a time.</summary>
internal static class LocalHubOptionsCheck
{
    private const int MostAuthorities = 20;

    /// <exception cref="LocalHubException">An option is out of its range.</exception>
    public static void Demand(LocalHubOptions options)
    {
        bool isName = Uri.CheckHostName(options.HostName) is UriHostNameType.Dns or UriHostNameType.IPv4 && options.HostName.Contains('.', StringComparison.Ordinal);
        Demand(isName, $"HostName '{options.HostName}' must be a host name with a dot, such as hub.localhost, or an IPv4 address, such as 127.0.0.1.");
        Demand(options.MqttPort is >= 0 and <= 65_535, $"MqttPort {options.MqttPort} must be 0 to 65535.");
        Demand(options.HttpsPort is >= 0 and <= 65_535, $"HttpsPort {options.HttpsPort} must be 0 to 65535.");
        Demand(options.PagePort is null or (>= 0 and <= 65_535), $"PagePort {options.PagePort} must be 0 to 65535.");
        Demand(options.AmqpPort is >= 0 and <= 65_535, $"AmqpPort {options.AmqpPort} must be 0 to 65535.");
        DemandDifference("MqttPort", options.MqttPort, "HttpsPort", options.HttpsPort);
        DemandDifference("MqttPort", options.MqttPort, "AmqpPort", options.AmqpPort);
        DemandDifference("HttpsPort", options.HttpsPort, "AmqpPort", options.AmqpPort);
        Demand(options.FeedbackPeriod >= TimeSpan.Zero && options.FeedbackPeriod <= TimeSpan.FromSeconds(15), "FeedbackPeriod must be 0 to 15 seconds.");
        Demand(options.Partitions is >= 1 and <= 32, $"Partitions {options.Partitions} must be 1 to 32.");
        Demand(options.ConsumerGroups.Count <= 20, "A hub has at most 20 consumer groups besides $Default.");
        Demand(options.ConsumerGroups.All(IsGroup), "A consumer group has 1 to 50 letters, digits and - . _.");
        Demand(options.UploadTokenLifetime >= TimeSpan.FromMinutes(1) && options.UploadTokenLifetime <= TimeSpan.FromHours(24), "UploadTokenLifetime must be 1 minute to 24 hours.");
        DemandPatience(options.SlowClients);
        DemandStorage(options.BlobStorage);
        Demand(options.Devices.Count <= DeviceRegistry.MostDevices, $"A hub holds at most {DeviceRegistry.MostDevices} devices.");
        foreach (LocalDevice device in options.Devices)
        {
            Demand(DeviceIds.AreValid(device.Id), $"Device id '{device.Id}' must be 1 to {DeviceIds.MaximumLength} characters: letters, digits and - . % _ * ? ! ( ) , : = @ $ ' + #");
            Demand(device.PrimaryKey is null || SymmetricKeys.IsValid(device.PrimaryKey), $"The key of device '{device.Id}' must be base64 of 16 to 64 bytes.");
            DemandCertificate(device);
        }

        DemandAuthorities(options);
        DemandProvisioning(options);
    }

    private static void DemandPatience(SlowClientLimits slow)
    {
        var least = TimeSpan.FromSeconds(0.1);
        Demand(slow.Handshake >= least && slow.Handshake <= TimeSpan.FromMinutes(1), "SlowClients.Handshake must be 0.1 seconds to 1 minute.");
        Demand(slow.RequestHead >= least && slow.RequestHead <= TimeSpan.FromMinutes(5), "SlowClients.RequestHead must be 0.1 seconds to 5 minutes.");
        Demand(slow.BodyBytesPerSecond is >= 1 and <= 1_000_000, "SlowClients.BodyBytesPerSecond must be 1 to 1,000,000.");
        Demand(slow.BodyGrace >= TimeSpan.FromSeconds(1.1) && slow.BodyGrace <= TimeSpan.FromMinutes(5), "SlowClients.BodyGrace must be 1.1 seconds to 5 minutes.");
        Demand(slow.Idle >= least && slow.Idle <= TimeSpan.FromHours(1), "SlowClients.Idle must be 0.1 seconds to 1 hour.");
    }

    private static void DemandCertificate(LocalDevice device)
    {
        const string Thumbprint = "must be 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.";
        Demand(device.Thumbprint is null || Thumbprints.TryRead(device.Thumbprint, out _), $"The thumbprint of device '{device.Id}' {Thumbprint}");
        Demand(device.SecondaryThumbprint is null || Thumbprints.TryRead(device.SecondaryThumbprint, out _), $"The secondary thumbprint of device '{device.Id}' {Thumbprint}");
        Demand(device.SecondaryThumbprint is null || device.Thumbprint is not null, $"Device '{device.Id}' has a secondary thumbprint; it needs a first one.");
        int ways = (device.PrimaryKey is null ? 0 : 1) + (device.Thumbprint is null ? 0 : 1) + (device.IsSignedByAuthority ? 1 : 0);
        Demand(ways <= 1, $"Device '{device.Id}' may have a key, a thumbprint or an authority, and one of them only.");
    }

    private static void DemandAuthorities(LocalHubOptions options)
    {
        Demand(options.DeviceAuthorities.Count <= MostAuthorities, $"A hub takes at most {MostAuthorities} authorities of devices.");
        foreach (X509Certificate2 authority in options.DeviceAuthorities)
        {
            bool mayIssue = authority.Extensions.OfType<X509BasicConstraintsExtension>().Any(constraints => constraints.CertificateAuthority);
            Demand(mayIssue, $"The certificate of '{authority.Subject}' is not that of an authority: its basic constraints do not say CA:TRUE.");
        }
    }

    private static void DemandProvisioning(LocalHubOptions options)
    {
        const string Id = "must be 1 to 128 letters, digits and - . _ : and not end in one of the last three.";
        const string Key = "must be base64 of 16 to 64 bytes.";
        Demand(IdScopes.AreValid(options.IdScope), $"IdScope '{options.IdScope}' must be 1 to 32 letters and digits, such as 0ne00000000.");
        Demand(options.EnrolmentGroups.Count + options.CertificateGroups.Count <= EnrolmentBook.MostGroups, $"A hub holds at most {EnrolmentBook.MostGroups} enrolment groups.");
        Demand(options.Enrolments.Count <= EnrolmentBook.MostIndividuals, $"A hub holds at most {EnrolmentBook.MostIndividuals} enrolments.");
        foreach ((string name, string key) in options.EnrolmentGroups)
        {
            Demand(RegistrationIds.AreValid(name), $"The name of enrolment group '{name}' {Id}");
            Demand(SymmetricKeys.IsValid(key), $"The key of enrolment group '{name}' {Key}");
        }

        foreach ((string name, string certificate) in options.CertificateGroups)
        {
            Demand(RegistrationIds.AreValid(name), $"The name of enrolment group '{name}' {Id}");
            Demand(!options.EnrolmentGroups.Keys.Contains(name, StringComparer.OrdinalIgnoreCase), $"Enrolment group '{name}' has a key and a certificate; it takes one of them.");
            Demand(CertificateAttestation.TryRead(certificate) is not null, $"The certificate of enrolment group '{name}' must be PEM.");
        }

        foreach (LocalEnrolment enrolment in options.Enrolments)
        {
            string id = enrolment.RegistrationId;
            Demand(RegistrationIds.AreValid(id), $"Registration id '{id}' {Id}");
            bool hasCertificate = enrolment.CertificatePem is not null;
            Demand(hasCertificate ? enrolment.PrimaryKey.Length == 0 : SymmetricKeys.IsValid(enrolment.PrimaryKey), $"The key of enrolment '{id}' {Key} Or it has a certificate and no key.");
            Demand(!hasCertificate || CertificateAttestation.TryRead(enrolment.CertificatePem!) is not null, $"The certificate of enrolment '{id}' must be PEM.");
            Demand(enrolment.DeviceId is null || DeviceIds.AreValid(enrolment.DeviceId), $"Device id '{enrolment.DeviceId}' of enrolment '{id}' is malformed.");
            Demand(enrolment.Payload is null || IsJson(enrolment.Payload), $"The payload of enrolment '{id}' must be JSON.");
        }
    }

    private static void DemandDifference(string name, int port, string otherName, int otherPort) =>
        Demand(port == 0 || port != otherPort, $"{name} and {otherName} are both {port}; they must differ.");

    private static bool IsGroup(string name) =>
        name.Length is > 0 and <= 50 && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');

    private static bool IsJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static void DemandStorage(BlobStorage? storage)
    {
        if (storage is null)
        {
            return;
        }

        bool isPlace = Uri.TryCreate($"https://{storage.Endpoint}/", UriKind.Absolute, out Uri? place) && storage.Endpoint.Length > 0
            && !storage.Endpoint.Contains("//", StringComparison.Ordinal)
            && place.Query.Length == 0 && place.Fragment.Length == 0 && place.UserInfo.Length == 0 && !storage.Endpoint.EndsWith('/');
        Demand(isPlace, $"BlobStorage.Endpoint '{storage.Endpoint}' must be HOST[:PORT][/ACCOUNT], without https:// and without a slash at the end.");
        Demand(storage.AccountName.Length > 0, "BlobStorage.AccountName must not be empty.");
        Span<byte> key = new byte[storage.AccountKey.Length];
        Demand(Convert.TryFromBase64String(storage.AccountKey, key, out int length) && length > 0, "BlobStorage.AccountKey must be base64.");
        bool isContainer = storage.Container.Length is >= 3 and <= 63 && storage.Container.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
        Demand(isContainer, $"BlobStorage.Container '{storage.Container}' must be 3 to 63 lower-case letters, digits and hyphens.");
    }

    private static void Demand(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new LocalHubException(LocalHubFault.InvalidOption, otherwise);
        }
    }
}
