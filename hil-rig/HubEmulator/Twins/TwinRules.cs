using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>What a twin may hold: depth, keys, texts, whole numbers, arrays, and the size of a section.</summary>
internal static class TwinRules
{
    public const int DesiredBytes = 32 * 1024;
    public const int ReportedBytes = 32 * 1024;
    public const int TagsBytes = 8 * 1024;

    private const int MostLevels = 10;
    private const int LongestKeyBytes = 1024;
    private const int LongestTextBytes = 4096;
    private const long SmallestInteger = -4_503_599_627_370_496; // -2^52
    private const long LargestInteger = 4_503_599_627_370_495;

    /// <summary>Names the first rule that a section or a patch of it breaks, or null.</summary>
    public static string? FindBrokenRule(JsonObject section) => CheckObject(section, level: 0);

    /// <summary>The size that counts against the limit: keys and texts in UTF-8 without control characters, a number 8, a boolean 4.</summary>
    public static int SizeOf(JsonNode? value) => value switch
    {
        null => 0,
        JsonObject members => members.Sum(member => Encoding.UTF8.GetByteCount(member.Key) + SizeOf(member.Value)),
        JsonArray items => items.Sum(SizeOf),
        _ => value.GetValueKind() switch
        {
            JsonValueKind.String => SizeOf(value.GetValue<string>()),
            JsonValueKind.Number => 8,
            _ => 4,
        },
    };

    private static int SizeOf(string text) => Encoding.UTF8.GetByteCount(text) - text.Count(char.IsControl);

    private static string? CheckObject(JsonObject members, int level)
    {
        if (level > MostLevels)
        {
            return $"The twin must not be deeper than {MostLevels} levels.";
        }

        foreach ((string key, JsonNode? value) in members)
        {
            string? broken = CheckKey(key) ?? CheckValue(value, level);
            if (broken is not null)
            {
                return broken;
            }
        }

        return null;
    }

    private static string? CheckKey(string key)
    {
        if (key.Length == 0 || Encoding.UTF8.GetByteCount(key) > LongestKeyBytes)
        {
            return $"A property name must be 1 to {LongestKeyBytes} bytes long.";
        }

        return key.Any(c => char.IsControl(c) || c is '.' or '$' or ' ')
            ? $"The property name '{key}' contains a control character, '.', '$' or a blank."
            : null;
    }

    private static string? CheckValue(JsonNode? value, int level) => value switch
    {
        null => null,
        JsonObject inner => CheckObject(inner, level + 1),
        JsonArray items => CheckArray(items, level + 1),
        _ => CheckLeaf(value),
    };

    private static string? CheckArray(JsonArray items, int level)
    {
        if (level > MostLevels)
        {
            return $"The twin must not be deeper than {MostLevels} levels.";
        }

        foreach (JsonNode? item in items)
        {
            string? broken = item is null ? "An array must not contain null." : CheckValue(item, level);
            if (broken is not null)
            {
                return broken;
            }
        }

        return null;
    }

    private static string? CheckLeaf(JsonNode value)
    {
        switch (value.GetValueKind())
        {
            case JsonValueKind.String when Encoding.UTF8.GetByteCount(value.GetValue<string>()) > LongestTextBytes:
                return $"A text must not be longer than {LongestTextBytes} bytes.";
            case JsonValueKind.Number:
                string text = value.ToJsonString();
                bool whole = text.AsSpan().IndexOfAny(".eE") < 0;
                bool fits = long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
                    && number is >= SmallestInteger and <= LargestInteger;
                return whole && !fits ? $"The whole number {Shorten(text)} is not between {SmallestInteger} and {LargestInteger}." : null;
            default:
                return null;
        }
    }

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
