using System.Text.Json.Nodes;

namespace HubEmulator.Queries;

/// <summary>The way to a value in a twin document: <c>properties.reported.climate.temperature</c>. Names have case.</summary>
internal sealed record QueryPath(string Text, IReadOnlyList<string> Parts)
{
    /// <returns>False when there is no such member; a member that is null is there.</returns>
    public bool TryFind(JsonObject document, out JsonNode? value)
    {
        value = document;
        foreach (string part in Parts)
        {
            if (value is not JsonObject members || !members.TryGetPropertyValue(part, out value))
            {
                value = null;
                return false;
            }
        }

        return true;
    }
}
