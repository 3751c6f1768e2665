using System.Text.Json;
using System.Text.Json.Nodes;

namespace HubEmulator;

/// <summary>
/// JSON from outside, read so that using it cannot fail later: nodes are lazy, and a text that is not UTF-8, or has half a character such as
/// <c>"\ud800"</c>, would otherwise throw where it is first looked at.
/// </summary>
internal static class SoundJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>The same without repeated names, which would otherwise fail where the object is first looked at, and at most 64 levels deep.</summary>
    /// <exception cref="JsonException">A name stands twice in an object, or as below.</exception>
    public static JsonNode? ParseStrict(ReadOnlySpan<byte> utf8) => Parse(utf8, Strict);

    /// <exception cref="JsonException">The bytes are not JSON in UTF-8, or a text in it has half a character.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> utf8, JsonDocumentOptions options = default)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8))
        {
            throw new JsonException("The document is not UTF-8.", path: null, lineNumber: 0, bytePositionInLine: 0);
        }

        if (utf8.IndexOf("\\u"u8) >= 0)
        {
            DemandWholeTexts(utf8, options.MaxDepth); // before names are compared, which decodes them
        }

        return JsonNode.Parse(utf8, documentOptions: options);
    }

    private static void DemandWholeTexts(ReadOnlySpan<byte> utf8, int maxDepth)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = maxDepth });
        while (reader.Read())
        {
            try
            {
                _ = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped ? reader.GetString() : null;
            }
            catch (InvalidOperationException broken)
            {
                throw new JsonException("A text has half a character.", path: null, lineNumber: 0, bytePositionInLine: reader.TokenStartIndex, broken);
            }
        }
    }
}
