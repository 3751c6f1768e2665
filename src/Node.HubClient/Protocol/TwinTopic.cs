using System.Buffers.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The twin's topics. Requests: <c>$iothub/twin/GET/?$rid={rid}</c> and
/// <c>$iothub/twin/PATCH/properties/reported/?$rid={rid}</c>; answers <c>$iothub/twin/res/{status}/?$rid={rid}[&amp;$version={v}]</c>;
/// pushes <c>$iothub/twin/PATCH/properties/desired/?$version={v}</c>.
/// </summary>
internal static class TwinTopic
{
    /// <summary>Where answers arrive.</summary>
    public const string ResponseFilter = "$iothub/twin/res/#";

    /// <summary>Where desired patches arrive.</summary>
    public const string DesiredFilter = "$iothub/twin/PATCH/properties/desired/#";

    private static ReadOnlySpan<byte> ResponsePrefix => "$iothub/twin/res/"u8;

    private static ReadOnlySpan<byte> DesiredPrefix => "$iothub/twin/PATCH/properties/desired/?"u8;

    /// <summary>Asks for the whole twin.</summary>
    public static string Get(int requestId) => $"$iothub/twin/GET/?$rid={requestId}";

    /// <summary>Patches the reported section.</summary>
    public static string PatchReported(int requestId) => $"$iothub/twin/PATCH/properties/reported/?$rid={requestId}";

    /// <summary>Reads an answer's status and request id; false when the topic is none of ours.</summary>
    public static bool TryParseResponse(ReadOnlySpan<byte> topic, out int status, out int requestId)
    {
        status = 0;
        requestId = 0;
        if (!topic.StartsWith(ResponsePrefix))
        {
            return false;
        }

        ReadOnlySpan<byte> rest = topic[ResponsePrefix.Length..];
        if (!Utf8Parser.TryParse(rest, out status, out int digits) || !rest[digits..].StartsWith("/?"u8))
        {
            return false;
        }

        return TopicQuery.TryNumber(rest[(digits + 2)..], "$rid="u8, out requestId);
    }

    /// <summary>Reads a push's version; false when the topic is none of ours.</summary>
    public static bool TryParseDesired(ReadOnlySpan<byte> topic, out long version)
    {
        version = 0;
        return topic.StartsWith(DesiredPrefix) && TopicQuery.TryNumber(topic[DesiredPrefix.Length..], "$version="u8, out version);
    }
}
