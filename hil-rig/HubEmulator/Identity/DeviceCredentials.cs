namespace HubEmulator.Identity;

/// <summary>What an identity authenticates with. Keys are empty unless it does so with tokens, thumbprints are missing unless it does so with a certificate of its own.</summary>
internal sealed record DeviceCredentials(AuthenticationType Type, SymmetricKeys Keys, Thumbprints Thumbprints)
{
    /// <summary>For identities that a certificate of an authority opens.</summary>
    public static DeviceCredentials OfAuthority { get; } = new(AuthenticationType.CertificateAuthority, SymmetricKeys.None, Thumbprints.None);

    public static DeviceCredentials Of(SymmetricKeys keys) => new(AuthenticationType.Sas, keys, Thumbprints.None);

    public static DeviceCredentials Of(Thumbprints thumbprints) => new(AuthenticationType.SelfSigned, SymmetricKeys.None, thumbprints);

    public static DeviceCredentials Generate() => Of(SymmetricKeys.Generate());
}
