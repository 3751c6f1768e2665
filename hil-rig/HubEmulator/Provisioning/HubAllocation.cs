using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Twins;

namespace HubEmulator.Provisioning;

/// <summary>Decides registrations: there is one hub, and the device is made there, or gets the keys of its enrolment, or the certificate that it presented.</summary>
internal sealed class HubAllocation(DeviceRegistry registry, ProvisioningBehaviour behaviour, TimeProvider clock)
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
            if ((device = registry.TryCreate(id, credentials, isEdge: enrolment.IsEdge, twin: TwinOf(enrolment)) ?? registry.Find(id)) is null)
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

    /// <summary>The twin that the enrolment asks for, or a fresh one.</summary>
    private Twin? TwinOf(Enrolment enrolment)
    {
        Twin? twin = null;
        if (enrolment.InitialTwin is { } initial)
        {
            Twin.TryMake(JsonNode.Parse(initial)!.AsObject(), clock.GetUtcNow(), out twin);
        }

        return twin;
    }

    private static Registration Fail(Registration pending, int code, string message) =>
        pending with { Status = Registration.Failed, ErrorCode = code, ErrorMessage = message };
}
