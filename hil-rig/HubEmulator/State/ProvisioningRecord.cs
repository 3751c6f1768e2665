using HubEmulator.Provisioning;

namespace HubEmulator.State;

/// <summary>What the provisioning service remembers between two runs, operations under way included.</summary>
internal sealed record ProvisioningRecord(List<Enrolment> Enrolments, List<Registration> Registrations);
