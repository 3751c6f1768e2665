using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;

namespace Node.Host.Twin;

/// <summary>The kinds of values that writable properties have: how each is read from JSON, checked and given back.</summary>
internal static class PropertyTypes
{
    /// <summary>A duration: <c>"PT2S"</c>, <c>"2s"</c> or a number of seconds; given back as ISO 8601.</summary>
    public static WritableProperty Period(
        string name, TimeSpan configured, TimeSpan minimum, TimeSpan maximum, Func<TimeSpan> read, Action<TimeSpan> write) =>
        new(name, () => Duration.Format(read()), value =>
        {
            bool understood = TryReadPeriod(value, configured, out TimeSpan period);
            return understood && period >= minimum && period <= maximum
                ? Proposal.Accept(Duration.Format(period), () => write(period))
                : Proposal.Refuse($"{name} {Quote(value)} is not allowed; allowed is a duration from {Duration.Format(minimum)} to {Duration.Format(maximum)}, "
                    + "written PT2S, 2s or as a number of seconds");
        });

    /// <summary>True or false.</summary>
    public static WritableProperty Flag(string name, bool configured, Func<bool> read, Action<bool> write) =>
        new(name, () => read(), value => value is null || value.GetValueKind() is JsonValueKind.True or JsonValueKind.False
            ? Accept(value?.GetValue<bool>() ?? configured, write)
            : Proposal.Refuse($"{name} {Quote(value)} is not allowed; allowed is true or false"));

    private static Proposal Accept(bool flag, Action<bool> write) => Proposal.Accept(flag, () => write(flag));

    /// <summary>Reads a duration in one of its forms; a null gives <paramref name="configured"/>.</summary>
    public static bool TryReadPeriod(JsonNode? value, TimeSpan configured, out TimeSpan period)
    {
        period = configured;
        if (value is null)
        {
            return true;
        }

        return value.GetValueKind() switch
        {
            JsonValueKind.String => Duration.TryParse(value.GetValue<string>(), out period),
            JsonValueKind.Number => Duration.TryParse(
                ((JsonValue)value).TryGetValue(out decimal seconds) ? string.Create(CultureInfo.InvariantCulture, $"{seconds}s") : "", out period),
            _ => false,
        };
    }

    /// <summary>A whole number however it is written (<c>1048576</c>, <c>1048576.0</c>, <c>1e9</c>); null for anything else.</summary>
    public static long? WholeNumber(JsonNode wanted) =>
        wanted.GetValueKind() == JsonValueKind.Number && ((JsonValue)wanted).TryGetValue(out decimal number)
        && decimal.Truncate(number) == number && number is >= long.MinValue and <= long.MaxValue
            ? (long)number
            : null;

    /// <summary>A value as a refusal quotes it: as JSON, and cut when long.</summary>
    public static string Quote(JsonNode? value)
    {
        const int Longest = 60;
        string text = value?.ToJsonString() ?? "null";
        return text.Length <= Longest ? text : text[..Longest] + "…";
    }
}
