using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator.Queries;

/// <summary>Compares values of twins with literals. Between different types, and with what is not there, no comparison is true.</summary>
internal static class QueryComparison
{
    public static bool Holds(JsonNode? value, string sign, JsonNode? literal) =>
        KindOf(value) == KindOf(literal) && sign switch
        {
            "=" => AreEqual(value, literal),
            "!=" or "<>" => !AreEqual(value, literal),
            _ => Compare(value, literal) is { } order && sign switch
            {
                "<" => order < 0,
                "<=" => order <= 0,
                ">" => order > 0,
                _ => order >= 0,
            },
        };

    /// <returns>Below, at or above zero; null where there is no order.</returns>
    public static int? Compare(JsonNode? left, JsonNode? right) => (KindOf(left), KindOf(right)) switch
    {
        (JsonValueKind.Number, JsonValueKind.Number) => NumberOf(left!).CompareTo(NumberOf(right!)),
        (JsonValueKind.String, JsonValueKind.String) => string.CompareOrdinal(left!.GetValue<string>(), right!.GetValue<string>()),
        _ => null,
    };

    public static double NumberOf(JsonNode number) => double.Parse(number.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture);

    public static JsonValueKind KindOf(JsonNode? value) => value?.GetValueKind() switch
    {
        null => JsonValueKind.Null,
        JsonValueKind.False => JsonValueKind.True, // one type
        { } kind => kind,
    };

    private static bool AreEqual(JsonNode? left, JsonNode? right) => Compare(left, right) is { } order ? order == 0 : JsonNode.DeepEquals(left, right);
}
