using HubEmulator.Identity;
using HubEmulator.Rest;

namespace HubEmulator.Provisioning;

/// <summary>
/// Decides whether a registering device is enrolled and holds the right key or certificate. With an enrolment of its own only that one counts,
/// otherwise the group whose derived key has signed, or whose authority.
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

        Func<Enrolment, bool>? attests = string.IsNullOrEmpty(caller.Token) ? ByCertificate(caller) : ByToken(caller);
        Enrolment? found = attests is null ? null : (own is null ? book.Groups : [own]).FirstOrDefault(attests);
        enrolment = found!;
        return found is null or { IsGroup: true, Enabled: false } ? ProvisioningErrors.Unauthorized : null;
    }

    /// <returns>What tells the enrolment whose key has signed; null for a token that opens none.</returns>
    private Func<Enrolment, bool>? ByToken(ProvisioningCaller caller) =>
        SasToken.TryParse(caller.Token, out SasToken token) && IsForRegistration(token, caller) && token.Expires + SasVerifier.Allowance >= clock.GetUtcNow()
            ? candidate => HasSigned(candidate, caller, token)
            : null;

    /// <returns>What tells the enrolment that the certificate belongs to, or that has signed it; null without a certificate in the caller's name.</returns>
    private Func<Enrolment, bool>? ByCertificate(ProvisioningCaller caller)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return caller.IsNamedByCertificate
            ? candidate => candidate.IsGroup
                ? candidate.Certificates?.IsAbove(caller.Certificate!, now) == true
                : candidate.Certificates?.IsPresented(caller.Certificate!, now) == true
            : null;
    }

    /// <summary>An enrolment with certificates has no key that could have signed.</summary>
    private static bool HasSigned(Enrolment candidate, ProvisioningCaller caller, SasToken token) =>
        candidate.Certificates is null && candidate.DeviceKeys(caller.RegistrationId).HaveSigned(token.StringToSign, token.Signature);

    /// <summary>The resource is compared decoded and without case, as registration ids are. The Python SDK names no key; the others name <c>registration</c>.</summary>
    private static bool IsForRegistration(SasToken token, ProvisioningCaller caller) =>
        token.PolicyName is null or KeyName
        && Uri.UnescapeDataString(token.ResourceText).Equals($"{caller.IdScope}/registrations/{caller.RegistrationId}", StringComparison.OrdinalIgnoreCase);
}
