using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// The topics of direct methods: <c>$iothub/methods/POST/{name}/?$rid={rid}</c> in,
/// <c>$iothub/methods/res/{status}/?$rid={rid}</c> out. The request id is opaque text.
/// </summary>
internal static class MethodTopic
{
    /// <summary>Where calls arrive.</summary>
    public const string Filter = "$iothub/methods/POST/#";

    private static ReadOnlySpan<byte> Prefix => "$iothub/methods/POST/"u8;

    private static ReadOnlySpan<byte> RequestIdMark => "/?$rid="u8;

    /// <summary>Reads name and request id; false when the topic is none of ours.</summary>
    public static bool TryParse(ReadOnlySpan<byte> topic, out string name, out string requestId)
    {
        int mark = topic.LastIndexOf(RequestIdMark);
        int id = mark + RequestIdMark.Length;
        bool ours = topic.StartsWith(Prefix) && mark > Prefix.Length && id < topic.Length;
        name = ours ? Encoding.UTF8.GetString(topic[Prefix.Length..mark]) : "";
        requestId = ours ? Encoding.UTF8.GetString(topic[id..]) : "";
        return ours;
    }

    /// <summary>Where the answer goes.</summary>
    public static string Response(int status, string requestId) => $"$iothub/methods/res/{status}/?$rid={requestId}";
}
