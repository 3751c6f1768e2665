using HubEmulator.Identity;
using HubEmulator.Rest;

namespace HubEmulator.Provisioning;

/// <summary>
/// Decides whether a registering device is enrolled and holds the right key. With an enrolment of its own only that one counts,
/// otherwise the group whose derived key has signed.
/// </summary>
internal sealed class RegistrationGate(string idScope, EnrolmentBook book, TimeProvider clock)
{
    private const string KeyName = "registration";

    /// <returns>Null when the device may register by the enrolment, otherwise the error of the answer.</returns>
    public ServiceError? Check(ProvisioningCaller caller, out Enrolment enrolment)
    {
        enrolment = null!;
        if (!IdScopes.AreValid(caller.IdScope) || !RegistrationIds.AreValid(caller.RegistrationId))
        {
            return ServiceError.ArgumentInvalid("The id scope or the registration id is malformed.");
        }

        if (!caller.IdScope.Equals(idScope, StringComparison.OrdinalIgnoreCase))
        {
            return ProvisioningErrors.NotFound("The id scope is unknown.");
        }

        Enrolment? own = book.Find(isGroup: false, caller.RegistrationId);
        if (own is null && !book.Groups.Any())
        {
            return ProvisioningErrors.NotFound("The registration id is not enrolled.");
        }

        if (!SasToken.TryParse(caller.Token, out SasToken token) || !IsForRegistration(token, caller) || token.Expires + SasVerifier.Allowance < clock.GetUtcNow())
        {
            return ProvisioningErrors.Unauthorized;
        }

        Enrolment? found = (own is null ? book.Groups : [own]).FirstOrDefault(candidate => HasSigned(candidate, caller, token));
        enrolment = found!;
        return found is null or { IsGroup: true, Enabled: false } ? ProvisioningErrors.Unauthorized : null;
    }

    private static bool HasSigned(Enrolment candidate, ProvisioningCaller caller, SasToken token) =>
        candidate.DeviceKeys(caller.RegistrationId).HaveSigned(token.StringToSign, token.Signature);

    /// <summary>The resource is compared decoded and without case, as registration ids are.</summary>
    private static bool IsForRegistration(SasToken token, ProvisioningCaller caller) =>
        token.PolicyName == KeyName
        && Uri.UnescapeDataString(token.ResourceText).Equals($"{caller.IdScope}/registrations/{caller.RegistrationId}", StringComparison.OrdinalIgnoreCase);
}
