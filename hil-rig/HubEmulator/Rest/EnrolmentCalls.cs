using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Provisioning;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// The service side of provisioning: read, create, update and delete enrolments of single devices and of groups. Symmetric keys and certificates attest.
/// <c>payload</c> is this emulator's own member: the real service gets it from a program of its user.
/// </summary>
internal sealed class EnrolmentCalls(EnrolmentBook book)
{
    public Task<ServiceAnswer> GetAsync(HttpContext context) => Task.FromResult(Get(context, isGroup: false));

    public Task<ServiceAnswer> PutAsync(HttpContext context) => PutAsync(context, isGroup: false);

    public Task<ServiceAnswer> DeleteAsync(HttpContext context) => Task.FromResult(Delete(context, isGroup: false));

    public Task<ServiceAnswer> GetGroupAsync(HttpContext context) => Task.FromResult(Get(context, isGroup: true));

    public Task<ServiceAnswer> PutGroupAsync(HttpContext context) => PutAsync(context, isGroup: true);

    public Task<ServiceAnswer> DeleteGroupAsync(HttpContext context) => Task.FromResult(Delete(context, isGroup: true));

    private ServiceAnswer Get(HttpContext context, bool isGroup) =>
        book.Find(isGroup, IdOf(context)) is { } found ? Answer(found) : Refuse(EnrolmentChange.Missing, IdOf(context));

    private ServiceAnswer Delete(HttpContext context, bool isGroup)
    {
        EnrolmentChange outcome = book.Delete(isGroup, IdOf(context), context.Request.Headers.IfMatch);
        return outcome == EnrolmentChange.Done ? ServiceAnswer.NoContent : Refuse(outcome, IdOf(context));
    }

    private async Task<ServiceAnswer> PutAsync(HttpContext context, bool isGroup)
    {
        string id = isGroup ? IdOf(context) : RegistrationIds.AsRegistered(IdOf(context));
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (TryRead(body, id, book.Find(isGroup, id), isGroup, out Enrolment wanted) is { } broken)
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid(broken));
        }

        EnrolmentChange outcome = book.Put(wanted, context.Request.Headers.IfMatch);
        return outcome == EnrolmentChange.Done && book.Find(isGroup, id) is { } stored ? Answer(stored) : Refuse(outcome, id);
    }

    /// <returns>Null, or what is wrong with the body.</returns>
    private static string? TryRead(JsonObject body, string id, Enrolment? existing, bool isGroup, out Enrolment wanted)
    {
        wanted = null!;
        JsonNode? named = body[isGroup ? "enrollmentGroupId" : "registrationId"];
        if (!RegistrationIds.AreValid(id) || (named is not null && !named.ToString().Equals(id, StringComparison.OrdinalIgnoreCase)))
        {
            return "The id is malformed, or differs between path and body.";
        }

        if (body["attestation"] is not JsonObject attestation || attestation["type"]?.ToString() is not ("symmetricKey" or "x509"))
        {
            return "attestation must be an object of type 'symmetricKey' or 'x509'.";
        }

        string status = body["provisioningStatus"]?.ToString() ?? "enabled";
        string? deviceId = isGroup ? null : body["deviceId"]?.ToString();
        if (status is not ("enabled" or "disabled") || (deviceId is not null && !DeviceIds.AreValid(deviceId)))
        {
            return "provisioningStatus must be 'enabled' or 'disabled', and deviceId a device id.";
        }

        string? broken = TryReadAttestation(attestation, existing, isGroup, out SymmetricKeys keys, out CertificateAttestation? certificates);
        wanted = new Enrolment
        {
            Id = id,
            IsGroup = isGroup,
            Keys = keys,
            Certificates = certificates,
            Enabled = status == "enabled",
            DeviceId = deviceId,
            Payload = body["payload"]?.ToJsonString(),
        };
        return broken;
    }

    private static string? TryReadAttestation(JsonObject attestation, Enrolment? existing, bool isGroup, out SymmetricKeys keys, out CertificateAttestation? certificates)
    {
        (keys, certificates) = (SymmetricKeys.None, null);
        return attestation["type"]!.ToString() == "x509"
            ? CertificateMembers.TryRead(attestation["x509"], isGroup, existing?.Certificates, out certificates)
            : SymmetricKeyMembers.TryRead(attestation["symmetricKey"], existing is { Certificates: null } ? existing.Keys : SymmetricKeys.Generate(), out keys);
    }

    private static JsonObject Describe(Enrolment enrolment) => enrolment.Certificates is { } certificates
        ? new JsonObject { ["type"] = "x509", ["x509"] = CertificateMembers.Describe(certificates, enrolment.IsGroup) }
        : new JsonObject { ["type"] = "symmetricKey", ["symmetricKey"] = SymmetricKeyMembers.Describe(enrolment.Keys) };

    private static ServiceAnswer Answer(Enrolment enrolment)
    {
        var body = new JsonObject { [enrolment.IsGroup ? "enrollmentGroupId" : "registrationId"] = enrolment.Id };
        if (enrolment.DeviceId is not null)
        {
            body["deviceId"] = enrolment.DeviceId;
        }

        body["attestation"] = Describe(enrolment);
        body["capabilities"] = new JsonObject { ["iotEdge"] = false };
        body["etag"] = enrolment.ETag;
        body["provisioningStatus"] = enrolment.Enabled ? "enabled" : "disabled";
        body["createdDateTimeUtc"] = Times.Stamp(enrolment.Created);
        body["lastUpdatedDateTimeUtc"] = Times.Stamp(enrolment.Updated);
        if (enrolment.Payload is not null)
        {
            body["payload"] = JsonNode.Parse(enrolment.Payload);
        }

        return ServiceAnswer.Ok(body, enrolment.ETag);
    }

    private static ServiceAnswer Refuse(EnrolmentChange outcome, string id) => ServiceAnswer.Of(outcome switch
    {
        EnrolmentChange.Exists => new ServiceError(409, 409201, "EnrollmentAlreadyExists", $"{id} is enrolled already; send its entity tag to replace it."),
        EnrolmentChange.Stale => new ServiceError(412, 412001, "PreconditionFailed", $"The entity tag is not that of {id}."),
        EnrolmentChange.Full => new ServiceError(403, 403009, "TooManyEnrollments", "There is no room for another enrolment."),
        _ => ProvisioningErrors.NotFound($"{id} is not enrolled."),
    });

    private static string IdOf(HttpContext context) => context.Request.RouteValues["id"]?.ToString() ?? "";
}
