using System.Globalization;
using HubEmulator.Identity;

namespace HubEmulator.Mqtt;

/// <summary>
/// A topic that a device publishes to, taken apart:
/// <c>devices/{d}[/modules/{m}]/messages/events[/{bag}][/]</c>, <c>$iothub/twin/GET/?$rid={rid}</c>,
/// <c>$iothub/twin/PATCH/properties/reported/?$rid={rid}[&amp;$version={n}]</c>, <c>$iothub/methods/res/{status}/?$rid={rid}</c>.
/// </summary>
/// <param name="Kind">Which of them.</param>
/// <param name="Bag">The encoded property bag of telemetry.</param>
/// <param name="RequestId">The request id, which is opaque and goes back unchanged.</param>
/// <param name="Number">The status of a method answer, or the expected version of a report; null when there is none.</param>
internal readonly record struct DeviceTopic(DeviceTopicKind Kind, string Bag, string RequestId, long? Number)
{
    private const string TwinGet = "$iothub/twin/GET/?";
    private const string TwinReport = "$iothub/twin/PATCH/properties/reported/?";
    private const string MethodAnswer = "$iothub/methods/res/";

    /// <param name="topic">The topic.</param>
    /// <param name="identity">The device, or <c>{device}/{module}</c>, that publishes.</param>
    public static DeviceTopic Parse(string topic, string identity)
    {
        if (topic.StartsWith("devices/", StringComparison.Ordinal))
        {
            return ParseEvents(topic, $"{DeviceIds.PathOf(identity)}/messages/events");
        }

        if (topic.StartsWith(TwinGet, StringComparison.Ordinal))
        {
            return ParseQuery(DeviceTopicKind.TwinGet, topic.AsSpan(TwinGet.Length), null);
        }

        if (topic.StartsWith(TwinReport, StringComparison.Ordinal))
        {
            return ParseQuery(DeviceTopicKind.TwinReport, topic.AsSpan(TwinReport.Length), null);
        }

        return topic.StartsWith(MethodAnswer, StringComparison.Ordinal) ? ParseMethodAnswer(topic.AsSpan(MethodAnswer.Length)) : default;
    }

    private static DeviceTopic ParseEvents(string topic, string prefix)
    {
        if (!topic.StartsWith(prefix, StringComparison.Ordinal) || (topic.Length > prefix.Length && topic[prefix.Length] != '/'))
        {
            return default;
        }

        ReadOnlySpan<char> bag = topic.AsSpan(prefix.Length).TrimStart('/');
        bag = bag.StartsWith("?") ? bag[1..] : bag;
        bag = bag.EndsWith("/") ? bag[..^1] : bag;
        return new DeviceTopic(DeviceTopicKind.Events, bag.ToString(), "", null);
    }

    private static DeviceTopic ParseMethodAnswer(ReadOnlySpan<char> rest)
    {
        int mark = rest.IndexOf("/?");
        return mark > 0 && int.TryParse(rest[..mark], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int status)
            ? ParseQuery(DeviceTopicKind.MethodAnswer, rest[(mark + 2)..], status)
            : default;
    }

    private static DeviceTopic ParseQuery(DeviceTopicKind kind, ReadOnlySpan<char> query, long? number)
    {
        string requestId = "";
        foreach (Range part in query.Split('&'))
        {
            ReadOnlySpan<char> pair = query[part];
            if (pair.StartsWith("$rid="))
            {
                requestId = pair["$rid=".Length..].ToString();
            }
            else if (kind == DeviceTopicKind.TwinReport && pair.StartsWith("$version="))
            {
                if (!long.TryParse(pair["$version=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long version))
                {
                    return default;
                }

                number = version;
            }
        }

        return requestId.Length == 0 ? default : new DeviceTopic(kind, "", requestId, number);
    }
}
