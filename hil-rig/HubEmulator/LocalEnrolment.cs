namespace HubEmulator;

/// <summary>A device that the provisioning service lets register from the hub's start on, without a group.</summary>
/// <param name="RegistrationId">1 to 128 letters, digits and <c>- . _ :</c>, the last one alphanumeric or a hyphen; case does not count.</param>
/// <param name="PrimaryKey">Base64 of 16 to 64 bytes: the key of its registration and afterwards of its device. Empty where <see cref="CertificatePem"/> attests.</param>
public sealed record LocalEnrolment(string RegistrationId, string PrimaryKey = "")
{
    /// <summary>The device's certificate in PEM, in whose subject the registration id is the common name, in place of a key. Null, the default, for a device with a key.</summary>
    public string? CertificatePem { get; init; }

    /// <summary>The device id at the hub. Null, the default, takes the registration id in lower case.</summary>
    public string? DeviceId { get; init; }

    /// <summary>JSON that goes back to the device with its assignment. Null, the default, returns none.</summary>
    public string? Payload { get; init; }

    /// <summary>False lets its registration end as <c>disabled</c>. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>The key stays out of logs.</summary>
    public override string ToString() => $"enrolment of {RegistrationId}";
}
