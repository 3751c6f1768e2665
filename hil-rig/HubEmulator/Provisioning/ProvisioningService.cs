using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.State;

namespace HubEmulator.Provisioning;

/// <summary>The provisioning service put together: who is enrolled, how far each device has got, and what is remembered of both.</summary>
internal sealed class ProvisioningService
{
    public ProvisioningService(LocalHubOptions options, DeviceRegistry registry, FaultDesk faults)
    {
        TimeProvider clock = options.TimeProvider;
        IdScope = options.IdScope;
        Book = new EnrolmentBook(clock);
        Desk = new RegistrationDesk(
            options.HostName, new RegistrationGate(options.IdScope, Book, clock), new HubAllocation(registry, Behaviour, clock), Behaviour, faults, clock);
    }

    public string IdScope { get; }

    public ProvisioningBehaviour Behaviour { get; } = new();

    public EnrolmentBook Book { get; }

    public RegistrationDesk Desk { get; }

    /// <summary>Puts in what was remembered, then what the options ask for; a remembered enrolment keeps what the options do not name.</summary>
    public void Fill(ProvisioningRecord? remembered, LocalHubOptions options)
    {
        remembered?.Enrolments.ForEach(Book.Restore);
        remembered?.Registrations.ForEach(Desk.Restore);
        foreach ((string name, string key) in options.EnrolmentGroups)
        {
            Ask(new Enrolment { Id = name, IsGroup = true, Keys = new SymmetricKeys(key, SymmetricKeys.GenerateOne()) });
        }

        foreach ((string name, string certificate) in options.CertificateGroups)
        {
            Ask(new Enrolment { Id = name, IsGroup = true, Keys = SymmetricKeys.None, Certificates = Attestation(certificate) });
        }

        foreach (LocalEnrolment wanted in options.Enrolments)
        {
            Ask(new Enrolment
            {
                Id = RegistrationIds.AsRegistered(wanted.RegistrationId),
                IsGroup = false,
                Keys = wanted.CertificatePem is null ? new SymmetricKeys(wanted.PrimaryKey, SymmetricKeys.GenerateOne()) : SymmetricKeys.None,
                Certificates = Attestation(wanted.CertificatePem),
                DeviceId = wanted.DeviceId,
                Payload = wanted.Payload,
                Enabled = wanted.Enabled,
            });
        }
    }

    public ProvisioningRecord ToRecord() => new([.. Book.All], Desk.ToRecord());

    private static CertificateAttestation? Attestation(string? pem) => pem is null ? null : new CertificateAttestation(CertificateAttestation.TryRead(pem)!, null);

    private void Ask(Enrolment wanted)
    {
        if (Book.Find(wanted.IsGroup, wanted.Id) is not { } known)
        {
            Book.Put(wanted, null);
            return;
        }

        Enrolment changed = known with
        {
            Keys = known.Certificates is null && wanted.Certificates is null ? known.Keys with { Primary = wanted.Keys.Primary } : wanted.Keys,
            Certificates = wanted.Certificates is { Secondary: null } renewed && known.Certificates?.Primary == renewed.Primary ? known.Certificates : wanted.Certificates,
            DeviceId = wanted.DeviceId,
            Payload = wanted.Payload,
            Enabled = wanted.IsGroup ? known.Enabled : wanted.Enabled,
        };
        if (changed != known)
        {
            Book.Put(changed, "*");
        }
    }
}
