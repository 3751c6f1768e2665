using System.Buffers.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The provisioning service's topics. Requests: <c>$dps/registrations/PUT/iotdps-register/?$rid={rid}</c> and
/// <c>$dps/registrations/GET/iotdps-get-operationstatus/?$rid={rid}&amp;operationId={id}</c>; answers
/// <c>$dps/registrations/res/{status}/?$rid={rid}[&amp;retry-after={seconds}]</c>. Source: "Communicate with DPS using the MQTT protocol".
/// </summary>
internal static class DpsTopic
{
    /// <summary>The service's version of these topics.</summary>
    public const string ApiVersion = "2019-03-31";

    /// <summary>Where answers arrive.</summary>
    public const string ResponseFilter = "$dps/registrations/res/#";

    private static ReadOnlySpan<byte> ResponsePrefix => "$dps/registrations/res/"u8;

    /// <summary>The MQTT user name.</summary>
    public static string UserName(string idScope, string registrationId, string product) =>
        $"{idScope}/registrations/{registrationId}/api-version={ApiVersion}&ClientVersion={PercentEncoding.Encode(product)}";

    /// <summary>The resource that a token opens.</summary>
    public static string Scope(string idScope, string registrationId) => Uri.EscapeDataString($"{idScope}/registrations/{registrationId}");

    /// <summary>Asks to be registered.</summary>
    public static string Register(int requestId) => $"$dps/registrations/PUT/iotdps-register/?$rid={requestId}";

    /// <summary>Asks how a registration stands.</summary>
    public static string Poll(int requestId, string operationId) =>
        $"$dps/registrations/GET/iotdps-get-operationstatus/?$rid={requestId}&operationId={operationId}";

    /// <summary>Reads an answer; false when the topic is none of ours.</summary>
    /// <param name="topic">The topic.</param>
    /// <param name="status">As in HTTP.</param>
    /// <param name="requestId">The request that is answered.</param>
    /// <param name="retryAfter">How long the service asks to be left alone; null when it does not say.</param>
    public static bool TryParseResponse(ReadOnlySpan<byte> topic, out int status, out int requestId, out TimeSpan? retryAfter)
    {
        status = 0;
        requestId = 0;
        retryAfter = null;
        if (!topic.StartsWith(ResponsePrefix))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = topic[ResponsePrefix.Length..];
        if (!Utf8Parser.TryParse(rest, out status, out int digits) || status < 100 || !rest[digits..].StartsWith("/?"u8)
            || !TopicQuery.TryNumber(rest[(digits + 2)..], "$rid="u8, out requestId))
        {
            return false;
        }

        if (TopicQuery.TryNumber(rest[(digits + 2)..], "retry-after="u8, out int seconds))
        {
            retryAfter = TimeSpan.FromSeconds(seconds);
        }

        return true;
    }
}
