using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>What a service asks of a twin. A part that is null is left alone by a merge and emptied by a replacement.</summary>
internal sealed record TwinUpdate(JsonObject? Tags, JsonObject? Desired)
{
    /// <summary>Takes tags and desired properties out of a twin document; read-only parts that a read-modify-write brings along are ignored.</summary>
    public static bool TryParse(JsonObject document, out TwinUpdate update, out TwinFailure failure)
    {
        update = new TwinUpdate(null, null);
        if (!TryTakeObject(document, "tags", out JsonObject? tags, out failure)
            || !TryTakeObject(document, "properties", out JsonObject? properties, out failure)
            || !TryTakeObject(properties ?? [], "desired", out JsonObject? desired, out failure))
        {
            return false;
        }

        desired?.Remove("$version");
        desired?.Remove("$metadata");
        update = new TwinUpdate(tags, desired);
        return true;
    }

    private static bool TryTakeObject(JsonObject from, string name, out JsonObject? taken, out TwinFailure failure)
    {
        JsonNode? found = from[name];
        taken = found as JsonObject;
        failure = found is null or JsonObject ? TwinFailure.None : TwinFailure.Invalid($"'{name}' must be a JSON object.");
        return failure.Status == 0;
    }
}
