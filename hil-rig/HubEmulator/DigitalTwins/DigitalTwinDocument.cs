using System.Text.Json.Nodes;

namespace HubEmulator.DigitalTwins;

/// <summary>
/// A twin as the digital twin interface shows it: property values beside <c>$dtId</c> and <c>$metadata</c>, and a component, which a twin marks by
/// <c>"__t":"c"</c>, as an object with its own <c>$metadata</c>. The value is what the device reports, out of its acknowledgement where it wrote one
/// (<c>{"value","ac","av","ad"}</c>), and what it was asked for stands in the metadata.
/// </summary>
internal static class DigitalTwinDocument
{
    public const string ComponentMark = "__t";
    private const string Component = "c";

    /// <param name="id">The device.</param>
    /// <param name="modelId">The model that it announced; empty for none.</param>
    /// <param name="twin">The twin document as services read it.</param>
    public static JsonObject Of(string id, string modelId, JsonObject twin)
    {
        JsonObject desired = twin["properties"]!["desired"]!.AsObject();
        JsonObject reported = twin["properties"]!["reported"]!.AsObject();
        var document = new JsonObject { ["$dtId"] = id };
        var metadata = new JsonObject { ["$model"] = modelId };
        Fill(document, metadata, new Section(desired, MetadataOf(desired)), new Section(reported, MetadataOf(reported)));
        document["$metadata"] = metadata;
        return document;
    }

    private static void Fill(JsonObject document, JsonObject metadata, Section desired, Section reported)
    {
        foreach (string name in reported.Names.Union(desired.Names, StringComparer.Ordinal))
        {
            if (IsComponent(desired.Values[name]) || IsComponent(reported.Values[name]))
            {
                var inner = new JsonObject();
                var part = new JsonObject();
                Fill(part, inner, desired.Below(name), reported.Below(name));
                part["$metadata"] = inner;
                document[name] = part;
                continue;
            }

            metadata[name] = Describe(desired, reported, name);
            if (reported.Values[name] is { } value)
            {
                document[name] = (IsAcknowledgement(value) ? value["value"] : value)?.DeepClone();
            }
        }
    }

    private static JsonObject Describe(Section desired, Section reported, string name)
    {
        var told = new JsonObject();
        if (desired.Values[name] is { } wanted)
        {
            told["desiredValue"] = wanted.DeepClone();
            told["desiredVersion"] = desired.Stamps?[name]?["$lastUpdatedVersion"]?.DeepClone();
        }

        if (IsAcknowledgement(reported.Values[name]))
        {
            JsonNode acknowledgement = reported.Values[name]!;
            told["ackVersion"] = acknowledgement["av"]?.DeepClone();
            told["ackCode"] = acknowledgement["ac"]?.DeepClone();
            told["ackDescription"] = acknowledgement["ad"]?.DeepClone();
        }

        told["lastUpdateTime"] = (reported.Stamps?[name] ?? desired.Stamps?[name])?["$lastUpdated"]?.DeepClone();
        return told;
    }

    private static JsonObject? MetadataOf(JsonObject section) => section["$metadata"] as JsonObject;

    private static bool IsComponent(JsonNode? value) => (value as JsonObject)?[ComponentMark]?.ToString() == Component;

    private static bool IsAcknowledgement(JsonNode? value) => value is JsonObject members && members.ContainsKey("value") && members.ContainsKey("ac") && members.ContainsKey("av");

    /// <summary>Values of a part of the twin, and what is known of when they were set.</summary>
    private sealed record Section(JsonObject Values, JsonObject? Stamps)
    {
        public IEnumerable<string> Names => Values.Select(one => one.Key).Where(name => name[0] != '$' && name != ComponentMark);

        public Section Below(string name) => new(Values[name] as JsonObject ?? [], Stamps?[name] as JsonObject);
    }
}
