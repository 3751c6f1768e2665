using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>Desired or reported properties with their version and metadata. Not thread-safe: the twin guards it.</summary>
internal sealed class TwinSection(bool stampsVersion, int mostBytes)
{
    public JsonObject Content { get; private set; } = [];

    public JsonObject Metadata { get; private set; } = TwinMetadata.Fresh();

    public long Version { get; private set; } = 1;

    public void Restore(JsonObject content, JsonObject metadata, long version)
    {
        Content = content;
        Metadata = metadata;
        Version = version;
    }

    /// <summary>Works out the content after a merge without changing anything, so that a caller may still refuse.</summary>
    /// <returns>False when a rule is broken; then the failure says which.</returns>
    public bool TryPrepareMerge(JsonObject patch, out JsonObject content, out TwinFailure failure)
    {
        content = Content;
        failure = TwinFailure.OfRule(TwinRules.FindBrokenRule(patch));
        if (failure.Status != 0)
        {
            return false;
        }

        content = MergePatch.Apply(Content, patch);
        failure = TwinFailure.OfSize(TwinRules.SizeOf(content), mostBytes);
        return failure.Status == 0;
    }

    public void CommitMerge(JsonObject content, JsonObject patch, DateTimeOffset now)
    {
        Content = content;
        Version++;
        TwinMetadata.Stamp(Metadata, patch, now, stampsVersion ? Version : null);
    }

    public void CommitReplacement(JsonObject content, DateTimeOffset now)
    {
        Metadata = [];
        CommitMerge(content, content, now);
    }

    /// <summary>The section as a device reads it: content and version.</summary>
    public JsonObject ToDeviceJson()
    {
        var json = (JsonObject)Content.DeepClone();
        json["$version"] = Version;
        return json;
    }

    /// <summary>The section as a service reads it: content, metadata and version.</summary>
    public JsonObject ToServiceJson()
    {
        var json = (JsonObject)Content.DeepClone();
        json["$metadata"] = Metadata.DeepClone();
        json["$version"] = Version;
        return json;
    }
}
