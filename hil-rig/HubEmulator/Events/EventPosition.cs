using System.Globalization;
using System.Text.RegularExpressions;

namespace HubEmulator.Events;

/// <summary>Where a reader begins, as it writes it: <c>amqp.annotation.x-opt-offset &gt; '@latest'</c>.</summary>
/// <param name="Key">What is compared.</param>
/// <param name="Value">With what; -1 is before everything.</param>
/// <param name="Inclusive">True takes an equal one too.</param>
internal readonly partial record struct EventPosition(EventKey Key, long Value, bool Inclusive)
{
    private const string LatestValue = "@latest";

    /// <summary>Where a reader begins that does not say.</summary>
    public static EventPosition Earliest { get; } = new(EventKey.Offset, -1, Inclusive: false);

    /// <returns>False when it is none of the expressions that readers write.</returns>
    public static bool TryParse(string expression, out EventPosition position)
    {
        position = default;
        Match parts = Expression().Match(expression);
        string value = parts.Groups["value"].Value;
        EventKey key = parts.Groups["key"].Value switch
        {
            "x-opt-offset" when value == LatestValue => EventKey.Latest,
            "x-opt-offset" => EventKey.Offset,
            "x-opt-sequence-number" => EventKey.SequenceNumber,
            "x-opt-enqueued-time" or "x-opt-enqueuedtimeutc" => EventKey.EnqueuedTime,
            _ => EventKey.None,
        };
        long number = 0;
        bool isKnown = key == EventKey.Latest || (key != EventKey.None && long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number));
        position = new EventPosition(key, number, parts.Groups["operator"].Value == ">=");
        return isKnown;
    }

    /// <summary>True for the messages that a reader gets; they are at the end of a partition.</summary>
    public bool Takes(StreamedEvent candidate)
    {
        long value = Key switch
        {
            EventKey.Offset => candidate.Offset,
            EventKey.SequenceNumber => candidate.SequenceNumber,
            EventKey.EnqueuedTime => candidate.Message.EnqueuedTime.ToUnixTimeMilliseconds(),
            _ => -1,
        };
        return value > Value || (Inclusive && value == Value);
    }

    [GeneratedRegex(@"^\s*amqp\.annotation\.(?<key>[a-z-]+)\s*(?<operator>>=?)\s*'?(?<value>@latest|-?[0-9]+)'?\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex Expression();
}
