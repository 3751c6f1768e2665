using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Provisioning;
using HubEmulator.Queries;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>
/// What a service asks of provisioning beside single enrolments: how a device's registration stands (<c>/registrations/{id}</c>), and, page by page, the
/// enrolments, the groups and the registrations of a group (<c>POST …/query {"query":"SELECT * FROM enrollments WHERE …"}</c>, or <c>"*"</c> for all).
/// </summary>
internal sealed class RegistrationStateCalls(EnrolmentBook book, RegistrationDesk registrations)
{
    public IEnumerable<ServiceRoute> Routes =>
    [
        Route("GET", "/registrations/{id}", AccessRights.RegistryRead, context => Task.FromResult(Get(context))),
        Route("DELETE", "/registrations/{id}", AccessRights.RegistryWrite, context => Task.FromResult(Delete(context))),
        Route("POST", "/registrations/{id}/query", AccessRights.RegistryRead, QueryGroupAsync),
        Route("POST", "/enrollments/query", AccessRights.RegistryRead, context => QueryAsync(context, "enrollment", EnrolmentDocuments(isGroup: false))),
        Route("POST", "/enrollmentGroups/query", AccessRights.RegistryRead, context => QueryAsync(context, "enrollmentGroup", EnrolmentDocuments(isGroup: true))),
    ];

    private static ServiceRoute Route(string verb, string path, AccessRights needed, Func<HttpContext, Task<ServiceAnswer>> call) => new(verb, path, needed, ServiceErrorShape.Flat, call);

    private IEnumerable<(string Id, JsonObject Document)> EnrolmentDocuments(bool isGroup) =>
        book.All.Where(enrolment => enrolment.IsGroup == isGroup).Select(enrolment => (enrolment.Id, EnrolmentForm.Describe(enrolment)));

    private ServiceAnswer Get(HttpContext context) => registrations.Find(IdOf(context)) is { } found
        ? ServiceAnswer.Ok(registrations.DescribeToService(found), EntityTags.OfProvisioning(found.Revision))
        : Missing(context);

    private ServiceAnswer Delete(HttpContext context)
    {
        if (registrations.Find(IdOf(context)) is not { } found)
        {
            return Missing(context);
        }

        return registrations.TryDelete(found.RegistrationId, context.Request.Headers.IfMatch)
            ? ServiceAnswer.NoContent
            : ServiceAnswer.Of(new ServiceError(412, 412001, "PreconditionFailed", $"The entity tag is not that of the registration of {found.RegistrationId}."));
    }

    private Task<ServiceAnswer> QueryGroupAsync(HttpContext context)
    {
        string group = context.Request.RouteValues["id"]?.ToString() ?? "";
        return book.Find(isGroup: true, group) is null
            ? Task.FromResult(Missing(context))
            : QueryAsync(context, "deviceRegistration", registrations.OfGroup(group).Select(found => (found.RegistrationId, registrations.DescribeToService(found))));
    }

    private static async Task<ServiceAnswer> QueryAsync(HttpContext context, string itemType, IEnumerable<(string Id, JsonObject Document)> documents)
    {
        (string text, ServiceAnswer? refusal) = await RequestBody.ReadQueryAsync(context.Request, "; '*' asks for all");
        if (refusal is not null)
        {
            return refusal;
        }

        if (HubQuery.TryParseWhole(text, out HubQuery query) is { } broken)
        {
            return Bad($"The query cannot be run. {broken}");
        }

        if (PageRequest.TryRead(context.Request, $"{itemType} {text}", out PageRequest page) is { } misfit)
        {
            return Bad(misfit);
        }

        List<(string Id, JsonObject Document)> fitting =
        [
            .. documents.Where(one => string.CompareOrdinal(one.Id, page.Start.After) > 0 && query.Condition(one.Document))
                .OrderBy(one => one.Id, StringComparer.Ordinal)
                .Take(page.Size + 1),
        ];
        JsonNode[] shown = [.. fitting.Take(page.Size).Select(one => one.Document)];
        QueryPosition? next = fitting.Count > page.Size ? new QueryPosition(fitting[page.Size - 1].Id, 0) : null;
        return new ServiceAnswer(200, new JsonArray(shown)) { Headers = page.Headers(itemType, next) };
    }

    private static ServiceAnswer Missing(HttpContext context) => ServiceAnswer.Of(ProvisioningErrors.NotFound($"There is no registration or group '{context.Request.RouteValues["id"]}'."));

    private static ServiceAnswer Bad(string message) => ServiceAnswer.Of(ServiceError.ArgumentInvalid(message));

    private static string IdOf(HttpContext context) => RegistrationIds.AsRegistered(context.Request.RouteValues["id"]?.ToString() ?? "");
}
