using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Queries;
using HubEmulator.Twins;

namespace HubEmulator.Configurations;

/// <summary>What all configurations together want of one device or module.</summary>
/// <param name="Statuses">For each configuration that means it: <c>Applied</c>, or <c>Targeted</c> where a stronger one sets one of its properties.</param>
/// <param name="Patch">What must change in the desired properties; empty when nothing must.</param>
internal sealed record ConfigurationPlan(IReadOnlyDictionary<string, string> Statuses, JsonObject Patch)
{
    public const string Applied = "Applied";
    public const string Targeted = "Targeted";

    /// <summary>Works it out.</summary>
    /// <param name="identity">The device, or device and module.</param>
    /// <param name="twin">The twin document as services read it.</param>
    /// <param name="configurations">All, each with its query.</param>
    public static ConfigurationPlan Of(string identity, JsonObject twin, IEnumerable<(Configuration Configuration, HubQuery? Target)> configurations)
    {
        bool isModule = DeviceIds.ModuleOf(identity) is not null;
        string part = isModule ? "moduleContent" : "deviceContent";
        var statuses = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new List<(string Owner, string[] Steps, JsonNode? Value)>();
        foreach ((Configuration configuration, HubQuery? target) in configurations.OrderBy(one => one.Configuration.Priority).ThenBy(one => one.Configuration.Created))
        {
            bool isMeant = target is not null && (target.Source == QuerySource.Modules) == isModule && target.Condition(twin);
            if (!isMeant || configuration.Content[part] is not JsonObject content)
            {
                continue;
            }

            statuses[configuration.Id] = Applied;
            foreach ((string[] steps, JsonNode? value) in ContentPath.Settings(content))
            {
                settings.FindAll(weaker => weaker.Owner != configuration.Id && ContentPath.Overlap(weaker.Steps, steps)).ForEach(weaker => statuses[weaker.Owner] = Targeted);
                settings.RemoveAll(weaker => weaker.Owner != configuration.Id && ContentPath.Overlap(weaker.Steps, steps));
                settings.Add((configuration.Id, steps, value));
            }
        }

        return new ConfigurationPlan(statuses, PatchOf(twin, settings));
    }

    /// <summary>What must change so that the desired properties are these and no others.</summary>
    internal static JsonObject Difference(JsonObject twin, JsonObject wanted)
    {
        JsonObject now = DesiredOf(twin);
        return JsonNode.DeepEquals(now, wanted) ? [] : MergePatch.Difference(now, wanted) as JsonObject ?? [];
    }

    /// <summary>What must change so that each path has its value.</summary>
    internal static JsonObject PatchOf(JsonObject twin, List<(string Owner, string[] Steps, JsonNode? Value)> settings)
    {
        JsonObject desired = DesiredOf(twin);
        var patch = new JsonObject();
        foreach ((_, string[] steps, JsonNode? value) in settings)
        {
            JsonNode? now = ContentPath.Find(desired, steps);
            if (!JsonNode.DeepEquals(now, value))
            {
                patch = MergePatchOf(patch, ContentPath.Wrap(steps, MergePatch.Difference(now, value)));
            }
        }

        return patch;
    }

    private static JsonObject DesiredOf(JsonObject twin)
    {
        var desired = (JsonObject)twin["properties"]!["desired"]!.DeepClone();
        desired.Remove("$version");
        desired.Remove("$metadata");
        return desired;
    }

    /// <summary>Two patches as one: nulls are kept, as a patch has them.</summary>
    private static JsonObject MergePatchOf(JsonObject first, JsonObject second)
    {
        foreach ((string name, JsonNode? value) in second)
        {
            first[name] = first[name] is JsonObject inner && value is JsonObject more ? MergePatchOf((JsonObject)inner.DeepClone(), more) : value?.DeepClone();
        }

        return first;
    }
}
