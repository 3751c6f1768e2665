using System.Security.Cryptography.X509Certificates;

namespace Node.HubClient;

/// <summary>
/// Who asks the Device Provisioning Service for a hub. Exactly one of <see cref="SymmetricKey"/>, <see cref="GroupKey"/>,
/// <see cref="Certificate"/> and <see cref="Authentication"/> must be given.
/// </summary>
public sealed record DpsConfig
{
    /// <summary>The service's name. Default <c>global.azure-devices-provisioning.net</c>.</summary>
    public string HostName { get; init; } = "global.azure-devices-provisioning.net";

    /// <summary>The id scope of the provisioning service, such as <c>0ne00000000</c>.</summary>
    public required string IdScope { get; init; }

    /// <summary>1 to 128 characters: lower-case letters, digits and <c>- . _ :</c>, ending in a letter, a digit or a hyphen.</summary>
    public required string RegistrationId { get; init; }

    /// <summary>The key of an individual enrolment, base64.</summary>
    public string? SymmetricKey { get; init; }

    /// <summary>The key of an enrolment group, base64; the device's own key is derived from it and the registration id.</summary>
    public string? GroupKey { get; init; }

    /// <summary>A certificate with its private key, whose common name is the registration id. The client does not dispose it.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// The authorities between <see cref="Certificate"/> and the root that the service knows, shown along in the handshake; null for none. Needed where the service was given the root
    /// alone and intermediates sign the devices.
    /// </summary>
    public X509Certificate2Collection? CertificateChain { get; init; }

    /// <summary>Signs with the enrolment's key, which stays in a security module.</summary>
    public IDeviceAuthentication? Authentication { get; init; }

    /// <summary>JSON for a custom allocation; null for none.</summary>
    public string? PayloadJson { get; init; }

    /// <summary>Names the registration; holds no secret.</summary>
    public override string ToString() => $"{RegistrationId} at {IdScope}";
}
