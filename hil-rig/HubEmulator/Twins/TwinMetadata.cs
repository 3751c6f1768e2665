using System.Globalization;
using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>
/// The mirror of a twin section: every object and leaf carries <c>$lastUpdated</c>, in desired properties also <c>$lastUpdatedVersion</c>.
/// An array has one stamp as a whole; what is deleted leaves nothing.
/// </summary>
internal static class TwinMetadata
{
    public const string NeverUpdated = "0001-01-01T00:00:00Z";
    private const string UpdatedKey = "$lastUpdated";
    private const string VersionKey = "$lastUpdatedVersion";

    public static JsonObject Fresh() => new() { [UpdatedKey] = NeverUpdated };

    /// <summary>Stamps what the patch touches.</summary>
    /// <param name="metadata">The mirror, changed in place.</param>
    /// <param name="patch">The merge patch that was applied to the section.</param>
    /// <param name="now">The instant of the update.</param>
    /// <param name="version">The section's new version, or null where versions are not stamped.</param>
    public static void Stamp(JsonObject metadata, JsonObject patch, DateTimeOffset now, long? version)
    {
        StampOne(metadata, now, version);
        foreach ((string key, JsonNode? value) in patch)
        {
            if (value is null)
            {
                metadata.Remove(key);
                continue;
            }

            if (metadata[key] is not JsonObject mirror || value is not JsonObject)
            {
                mirror = []; // a leaf, or an object in the place of a leaf: what was below is gone
                metadata[key] = mirror;
            }

            if (value is JsonObject inner)
            {
                Stamp(mirror, inner, now, version);
            }
            else
            {
                StampOne(mirror, now, version);
            }
        }
    }

    private static void StampOne(JsonObject mirror, DateTimeOffset now, long? version)
    {
        mirror[UpdatedKey] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
        if (version is { } number)
        {
            mirror[VersionKey] = number;
        }
    }
}
