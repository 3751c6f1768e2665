namespace HubEmulator.Identity;

/// <summary>How an identity proves who it is.</summary>
internal enum AuthenticationType
{
    /// <summary>A token that one of its two keys has signed.</summary>
    Sas,

    /// <summary>A certificate with one of two thumbprints, whoever signed it.</summary>
    SelfSigned,

    /// <summary>A certificate in the identity's name that leads to an authority of the hub.</summary>
    CertificateAuthority,
}
