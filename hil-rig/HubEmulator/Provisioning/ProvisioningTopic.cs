namespace HubEmulator.Provisioning;

/// <summary>
/// A topic that a registering device publishes to, taken apart: <c>$dps/registrations/PUT/iotdps-register/?$rid={rid}[&amp;…]</c> and
/// <c>$dps/registrations/GET/iotdps-get-operationstatus/?$rid={rid}&amp;operationId={id}</c>. Parameters come in any order, unknown ones are ignored.
/// </summary>
/// <param name="Kind">Which of them.</param>
/// <param name="RequestId">The request id, which is opaque and goes back unchanged.</param>
/// <param name="OperationId">The operation that is asked for; empty when registering.</param>
internal readonly record struct ProvisioningTopic(ProvisioningTopicKind Kind, string RequestId, string OperationId)
{
    /// <summary>The one filter that may be subscribed to.</summary>
    public const string AnswerFilter = "$dps/registrations/res/#";

    private const string Register = "$dps/registrations/PUT/iotdps-register/?";
    private const string Poll = "$dps/registrations/GET/iotdps-get-operationstatus/?";

    public static ProvisioningTopic Parse(string topic)
    {
        if (topic.StartsWith(Register, StringComparison.Ordinal))
        {
            return ParseQuery(ProvisioningTopicKind.Register, topic.AsSpan(Register.Length));
        }

        return topic.StartsWith(Poll, StringComparison.Ordinal) ? ParseQuery(ProvisioningTopicKind.Poll, topic.AsSpan(Poll.Length)) : default;
    }

    /// <summary>Where an answer goes: <c>$dps/registrations/res/{status}/?$rid={rid}[&amp;retry-after={seconds}]</c>, the request id first.</summary>
    public static string Answer(int status, string requestId, int? retryAfterSeconds) =>
        $"$dps/registrations/res/{status}/?$rid={requestId}{(retryAfterSeconds is { } seconds ? $"&retry-after={seconds}" : "")}";

    private static ProvisioningTopic ParseQuery(ProvisioningTopicKind kind, ReadOnlySpan<char> query)
    {
        string requestId = "";
        string operationId = "";
        foreach (Range part in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[part];
            if (pair.StartsWith("$rid="))
            {
                requestId = pair["$rid=".Length..].ToString();
            }
            else if (pair.StartsWith("operationId="))
            {
                operationId = pair["operationId=".Length..].ToString();
            }
        }

        bool complete = requestId.Length > 0 && (kind == ProvisioningTopicKind.Register || operationId.Length > 0);
        return complete ? new ProvisioningTopic(kind, requestId, kind == ProvisioningTopicKind.Poll ? operationId : "") : default;
    }
}
