using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using HubEmulator.Identity;

namespace HubEmulator.Provisioning;

/// <summary>How far a device's registration has got. Each step is a new value with the next revision.</summary>
internal sealed record Registration
{
    public const string Assigning = "assigning";
    public const string Assigned = "assigned";
    public const string Failed = "failed";
    public const string Disabled = "disabled";

    public required string RegistrationId { get; init; }

    /// <summary>The operation by which the device asks; a new one with every register request.</summary>
    public required string OperationId { get; init; }

    /// <summary>The group that let it in; null for an enrolment of its own.</summary>
    public required string? GroupId { get; init; }

    /// <summary>The SHA-256 of the certificate that the device presented; null when it had a key.</summary>
    public string? Thumbprint { get; init; }

    public required DateTimeOffset Created { get; init; }

    public required DateTimeOffset Updated { get; init; }

    /// <summary>How many more times the answer is that it is not decided yet.</summary>
    public int PendingAnswers { get; init; }

    public string Status { get; init; } = Assigning;

    public string? Substatus { get; init; }

    /// <summary>The device at the hub, also of an earlier registration; null before the first assignment.</summary>
    public string? DeviceId { get; init; }

    public int ErrorCode { get; init; }

    public string? ErrorMessage { get; init; }

    public long Revision { get; init; }

    /// <summary>The instant before which a poll would be early; null when the device was not told to wait.</summary>
    public DateTimeOffset? PollNotBefore { get; init; }

    [JsonIgnore]
    public bool IsDecided => Status != Assigning;

    /// <summary>The state as it goes to the device.</summary>
    /// <param name="assignedHub">The hub's name.</param>
    /// <param name="payload">JSON that the allocation returns, or null.</param>
    public JsonObject Describe(string assignedHub, string? payload)
    {
        var state = new JsonObject
        {
            [Thumbprint is null ? "symmetricKey" : "x509"] = GroupId is null ? new JsonObject() : new JsonObject { ["enrollmentGroupId"] = GroupId },
            ["registrationId"] = RegistrationId,
            ["createdDateTimeUtc"] = Times.Stamp(Created),
        };
        if (Status == Assigned)
        {
            state["assignedHub"] = assignedHub;
            state["deviceId"] = DeviceId;
        }

        state["status"] = Status;
        AddOutcome(state);
        state["lastUpdatedDateTimeUtc"] = Times.Stamp(Updated);
        state["etag"] = EntityTags.OfProvisioning(Revision);
        if (Status == Assigned && payload is not null)
        {
            state["payload"] = JsonNode.Parse(payload);
        }

        return state;
    }

    private void AddOutcome(JsonObject state)
    {
        if (Status == Assigned)
        {
            state["substatus"] = Substatus;
        }
        else if (Status == Failed)
        {
            state["errorCode"] = ErrorCode;
            state["errorMessage"] = ErrorMessage;
        }
    }
}
