using HubEmulator.Identity;

namespace HubEmulator.Provisioning;

/// <summary>Decides registrations: there is one hub, and the device is made there, or gets the keys of its enrolment, or the certificate that it presented.</summary>
internal sealed class HubAllocation(DeviceRegistry registry, ProvisioningBehaviour behaviour)
{
    private const string First = "initialAssignment";
    private const string Again = "reprovisionedToInitialAssignment"; // its device had been deleted meanwhile

    /// <returns>The registration with its final status.</returns>
    public Registration Decide(Registration pending, Enrolment enrolment)
    {
        if (!enrolment.Enabled)
        {
            return pending with { Status = Registration.Disabled };
        }

        if (behaviour.TakeFailure(out (int Code, string Message) failure))
        {
            return Fail(pending, failure.Code, failure.Message);
        }

        string id = enrolment.DeviceId ?? pending.RegistrationId;
        DeviceCredentials credentials = enrolment.DeviceCredentials(pending);
        string substatus = pending.DeviceId is null ? First : pending.Substatus ?? First;
        if (registry.Find(id) is not { } device)
        {
            substatus = pending.DeviceId == id ? Again : First;
            if ((device = registry.TryCreate(id, credentials) ?? registry.Find(id)) is null)
            {
                return Fail(pending, ProvisioningErrors.NoHubFits, "The hub is full.");
            }
        }

        if (device.Identity is var identity && identity.Credentials != credentials)
        {
            registry.TryUpdate(device, null, credentials, identity.Enabled, identity.StatusReason);
        }

        return pending with { Status = Registration.Assigned, Substatus = substatus, DeviceId = id };
    }

    private static Registration Fail(Registration pending, int code, string message) =>
        pending with { Status = Registration.Failed, ErrorCode = code, ErrorMessage = message };
}
