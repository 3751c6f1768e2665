using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Unicode;

namespace Node.Host.Twin;

/// <summary>
/// How JSON from outside is read: no repeated keys, whose meaning nobody knows, no deeper than the hub allows, and every text is one: the
/// parser itself finds broken UTF-8 and halves of surrogate pairs only when somebody asks for that text.
/// </summary>
internal static class StrictJson
{
    private const int Deepest = 32; // The twin may be 10 levels deep below its sections.

    private static readonly JsonDocumentOptions Options = new() { AllowDuplicateProperties = false, MaxDepth = Deepest };

    /// <summary>Reads a document; null for the JSON text <c>null</c>.</summary>
    /// <exception cref="JsonException">It is none; the message says where and why.</exception>
    public static JsonNode? Parse(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            throw new JsonException("its bytes are no UTF-8");
        }

        CheckTexts(json);
        return JsonNode.Parse(json, documentOptions: Options);
    }

    private static void CheckTexts(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = Deepest });
        while (reader.Read())
        {
            if (!reader.ValueIsEscaped)
            {
                continue;
            }

            try
            {
                reader.GetString();
            }
            catch (InvalidOperationException half)
            {
                throw new JsonException($"the text at byte {reader.TokenStartIndex} is none: half of a surrogate pair", half);
            }
        }
    }
}
