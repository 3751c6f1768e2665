using System.Text.Json;

namespace Node.HubClient.Protocol;

/// <summary>Finds the desired version in twin JSON without building a document.</summary>
internal static class TwinVersion
{
    /// <summary>The version of a section that names none.</summary>
    public const long Unknown = -1;

    /// <summary>Reads <c>desired.$version</c> of a whole twin, <see cref="Unknown"/> where it is missing; false when the text is no twin.</summary>
    public static bool TryReadDesired(ReadOnlySpan<byte> twin, out long version)
    {
        version = 0;
        bool found = false;
        try
        {
            var reader = new Utf8JsonReader(twin);
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1 && Is(ref reader, "desired"u8))
                {
                    reader.Read();
                    found = reader.TokenType is JsonTokenType.StartObject;
                    version = found ? VersionOf(ref reader) : Unknown;
                }
                else if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == 1)
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return false;
        }

        return found;
    }

    private static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name)
    {
        try
        {
            return reader.ValueTextEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false; // A name with half a surrogate pair, which JSON can spell: surely another one.
        }
    }

    private static long VersionOf(ref Utf8JsonReader reader)
    {
        long version = Unknown;
        int depth = reader.CurrentDepth;
        while (reader.Read() && !(reader.TokenType is JsonTokenType.EndObject && reader.CurrentDepth == depth))
        {
            if (reader.TokenType is JsonTokenType.PropertyName && reader.CurrentDepth == depth + 1 && Is(ref reader, "$version"u8))
            {
                reader.Read();
                version = reader.TokenType is JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0 ? number : Unknown;
            }
        }

        return version;
    }
}
