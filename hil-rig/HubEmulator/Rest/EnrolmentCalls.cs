using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Provisioning;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// The service side of provisioning: read, create, update and delete enrolments of single devices and of groups, up to ten single ones at a time
/// (<c>POST /enrollments</c>), and read what attests (<c>POST …/attestationmechanism</c>). Symmetric keys and certificates attest.
/// <c>payload</c> is this emulator's own member: the real service gets it from a program of its user.
/// </summary>
internal sealed class EnrolmentCalls(EnrolmentBook book, RegistrationDesk registrations)
{
    private const int MostChanges = 10;

    public IEnumerable<ServiceRoute> Routes => [.. RoutesOf("/enrollments", isGroup: false), .. RoutesOf("/enrollmentGroups", isGroup: true), Route("POST", "/enrollments", AccessRights.RegistryWrite, BulkAsync)];

    private IEnumerable<ServiceRoute> RoutesOf(string path, bool isGroup) =>
    [
        Route("GET", $"{path}/{{id}}", AccessRights.RegistryRead, context => Task.FromResult(Find(context, isGroup, Answer))),
        Route("PUT", $"{path}/{{id}}", AccessRights.RegistryWrite, context => PutAsync(context, isGroup)),
        Route("DELETE", $"{path}/{{id}}", AccessRights.RegistryWrite, context => Task.FromResult(
            Delete(IdOf(context), isGroup, context.Request.Headers.IfMatch) is { } error ? ServiceAnswer.Of(error) : ServiceAnswer.NoContent)),
        Route("POST", $"{path}/{{id}}/attestationmechanism", AccessRights.RegistryRead, context => Task.FromResult(Find(context, isGroup, found => ServiceAnswer.Ok(EnrolmentForm.DescribeAttestation(found))))),
    ];

    private static ServiceRoute Route(string verb, string path, AccessRights needed, Func<HttpContext, Task<ServiceAnswer>> call) => new(verb, path, needed, ServiceErrorShape.Flat, call);

    private ServiceAnswer Find(HttpContext context, bool isGroup, Func<Enrolment, ServiceAnswer> answer) =>
        book.Find(isGroup, IdOf(context)) is { } found ? answer(found) : ServiceAnswer.Of(ErrorOf(EnrolmentChange.Missing, IdOf(context))!);

    private async Task<ServiceAnswer> PutAsync(HttpContext context, bool isGroup)
    {
        string id = isGroup ? IdOf(context) : RegistrationIds.AsRegistered(IdOf(context));
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        return refusal ?? (Put(body, id, isGroup, context.Request.Headers.IfMatch) is { } error ? ServiceAnswer.Of(error) : Answer(book.Find(isGroup, id)!));
    }

    /// <returns>200 in any case, with an error for each change that was refused.</returns>
    private async Task<ServiceAnswer> BulkAsync(HttpContext context)
    {
        (JsonObject body, ServiceAnswer? refusal) = await RequestBody.ReadObjectAsync(context.Request);
        if (refusal is not null)
        {
            return refusal;
        }

        if (body["enrollments"] is not JsonArray { Count: > 0 and <= MostChanges } changes || !changes.All(change => change is JsonObject))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid($"enrollments must be an array of 1 to {MostChanges} objects."));
        }

        string mode = body["mode"]?.ToString().ToUpperInvariant() ?? "";
        if (mode is not ("CREATE" or "UPDATE" or "UPDATEIFMATCHETAG" or "DELETE"))
        {
            return ServiceAnswer.Of(ServiceError.ArgumentInvalid("mode must be create, update, updateIfMatchETag or delete."));
        }

        var errors = new JsonArray();
        foreach (JsonObject change in changes.Cast<JsonObject>())
        {
            string id = RegistrationIds.AsRegistered(change["registrationId"]?.ToString() ?? "");
            if (Change(mode, change, id) is { } error)
            {
                errors.Add(new JsonObject { ["registrationId"] = id, ["errorCode"] = error.Code, ["errorStatus"] = error.Message });
            }
        }

        return ServiceAnswer.Ok(new JsonObject { ["isSuccessful"] = errors.Count == 0, ["errors"] = errors });
    }

    private ServiceError? Change(string mode, JsonObject change, string id) => mode switch
    {
        "CREATE" => Put(change, id, isGroup: false, ifMatch: null),
        "UPDATE" => Put(change, id, isGroup: false, ifMatch: "*"),
        "DELETE" => Delete(id, isGroup: false, change["etag"]?.ToString()),
        _ => change["etag"]?.ToString() is { Length: > 0 } tag ? Put(change, id, isGroup: false, tag) : ServiceError.ArgumentInvalid("This mode needs the etag of each enrolment."),
    };

    private ServiceError? Put(JsonObject body, string id, bool isGroup, string? ifMatch) =>
        EnrolmentForm.TryRead(body, id, book.Find(isGroup, id), isGroup, out Enrolment wanted) is { } broken
            ? ServiceError.ArgumentInvalid(broken)
            : ErrorOf(book.Put(wanted, ifMatch), id);

    private ServiceError? Delete(string id, bool isGroup, string? ifMatch) => ErrorOf(book.Delete(isGroup, id, ifMatch), id);

    private ServiceAnswer Answer(Enrolment enrolment)
    {
        JsonObject body = EnrolmentForm.Describe(enrolment);
        if (!enrolment.IsGroup && registrations.Find(enrolment.Id) is { } registration)
        {
            body["registrationState"] = registrations.DescribeToService(registration);
        }

        return ServiceAnswer.Ok(body, enrolment.ETag);
    }

    private static ServiceError? ErrorOf(EnrolmentChange outcome, string id) => outcome switch
    {
        EnrolmentChange.Done => null,
        EnrolmentChange.Exists => new ServiceError(409, 409201, "EnrollmentAlreadyExists", $"{id} is enrolled already; send its entity tag to replace it."),
        EnrolmentChange.Stale => new ServiceError(412, 412001, "PreconditionFailed", $"The entity tag is not that of {id}."),
        EnrolmentChange.Full => new ServiceError(403, 403009, "TooManyEnrollments", "There is no room for another enrolment."),
        _ => ProvisioningErrors.NotFound($"{id} is not enrolled."),
    };

    private static string IdOf(HttpContext context) => context.Request.RouteValues["id"]?.ToString() ?? "";
}
