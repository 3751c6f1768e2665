using Node.HubClient.Protocol;

namespace Node.HubClient.Provisioning;

/// <summary>Makes the result of a registration that the service has decided, with what people need to mend a refusal.</summary>
internal static class RegistrationEnd
{
    /// <summary>What an answer says when it is the last one; null while the registration goes on.</summary>
    /// <param name="code">Status code of the answer, below 300.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="settings">Who registers where.</param>
    public static DpsResult? Of(int code, DpsAnswer answer, RegistrationSettings settings) => answer.Status switch
    {
        "assigned" when answer.AssignedHub is not null && answer.DeviceId is not null =>
            Of(DpsStatus.Assigned, code, answer, settings) with { Detail = "", AssignedHub = answer.AssignedHub, DeviceId = answer.DeviceId },
        "unassigned" => Of(DpsStatus.Unassigned, code, answer, settings),
        "disabled" or "blacklisted" => Of(DpsStatus.Disabled, code, answer, settings),
        "failed" => Of(DpsStatus.Failed, code, answer, settings),
        _ => null, // assigning, and any word of a later version: a registration that goes on, as long as there is an operation to ask about
    };

    /// <summary>The result with this status.</summary>
    public static DpsResult Of(DpsStatus status, int code, DpsAnswer answer, RegistrationSettings settings) => new()
    {
        Status = status,
        RawStatus = code,
        ErrorCode = answer.ErrorCode,
        TrackingId = answer.TrackingId,
        Substatus = answer.Substatus,
        PayloadJson = answer.PayloadJson,
        Detail = (status, code) switch
        {
            (DpsStatus.Refused, 401) => $"the service refused the proof of {settings.RegistrationId} (401{Said(answer)}); check the key, that the enrolment is enabled, and the clock",
            (DpsStatus.Refused, 404) => $"the service knows no enrolment of {settings.RegistrationId} in {settings.IdScope} (404{Said(answer)}); check id scope and registration id",
            (DpsStatus.Refused, _) => $"the service refused the request ({code}{Said(answer)})",
            (DpsStatus.Disabled, _) => $"the enrolment of {settings.RegistrationId} is disabled",
            (DpsStatus.Unassigned, _) => $"the service gave {settings.RegistrationId} no hub{Said(answer)}",
            _ => $"the service could not assign a hub to {settings.RegistrationId}{Said(answer)}",
        },
    };

    private static string Said(DpsAnswer answer) => $"{(answer.ErrorCode is { } code ? $", code {code}" : "")}{(answer.Message is { } message ? $": {message}" : "")}";
}
