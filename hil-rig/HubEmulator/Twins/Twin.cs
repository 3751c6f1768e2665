using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Twins;

/// <summary>
/// The twin of one device. Every change happens under one lock, and whoever must hear of it is told under that lock too,
/// so that answers and pushes leave in the order of their versions.
/// </summary>
internal sealed class Twin
{
    private readonly Lock _guard = new();
    private readonly TwinSection _desired = new(stampsVersion: true, TwinRules.DesiredBytes);
    private readonly TwinSection _reported = new(stampsVersion: false, TwinRules.ReportedBytes);
    private JsonObject _tags = [];
    private long _version = 2; // what a fresh twin shows
    private long _revision = 1; // counts the service's changes; the entity tag is made of it

    /// <summary>Makes a twin that begins with tags and desired properties.</summary>
    /// <param name="document">A twin document; what is read-only in it is ignored.</param>
    /// <param name="now">The instant of the content.</param>
    /// <param name="twin">The twin; null when it cannot be.</param>
    /// <returns>Null, or the rule that the document breaks.</returns>
    public static TwinFailure? TryMake(JsonObject document, DateTimeOffset now, out Twin? twin)
    {
        twin = null;
        var made = new Twin();
        if (TwinUpdate.TryParse((JsonObject)document.DeepClone(), out TwinUpdate update, out TwinFailure failure))
        {
            failure = made.Update(update, replace: false, ifMatch: null, now, (_, _) => { });
        }

        if (failure.Status != 0)
        {
            return failure;
        }

        twin = made;
        return null;
    }

    /// <summary>Hands the document as the device reads it to the receiver, before any later change.</summary>
    public void Read(Action<JsonObject> receiver)
    {
        lock (_guard)
        {
            receiver(new JsonObject { ["desired"] = _desired.ToDeviceJson(), ["reported"] = _reported.ToDeviceJson() });
        }
    }

    /// <summary>Merges what a device reports.</summary>
    /// <param name="patch">The merge patch of the reported section.</param>
    /// <param name="ifVersion">The reported version that the device expects, or null for any.</param>
    /// <param name="now">The instant of the update.</param>
    /// <param name="answer">Gets the failure, or none and the new reported version.</param>
    public void PatchReported(JsonObject patch, long? ifVersion, DateTimeOffset now, Action<TwinFailure, long> answer)
    {
        lock (_guard)
        {
            if (ifVersion is { } expected && expected != _reported.Version)
            {
                answer(TwinFailure.Precondition($"The reported version is {_reported.Version}, not {expected}."), 0);
                return;
            }

            if (!_reported.TryPrepareMerge(patch, out JsonObject content, out TwinFailure failure))
            {
                answer(failure, 0);
                return;
            }

            _reported.CommitMerge(content, patch, now);
            _version++;
            answer(TwinFailure.None, _reported.Version);
        }
    }

    /// <summary>Applies a service's change of tags and desired properties, both or neither.</summary>
    /// <param name="update">What to change.</param>
    /// <param name="replace">True replaces both parts, false merges.</param>
    /// <param name="ifMatch">The entity tag that the twin must have, or null for any.</param>
    /// <param name="now">The instant of the update.</param>
    /// <param name="push">Gets what the device shall hear, version included, when desired properties changed.</param>
    public TwinFailure Update(TwinUpdate update, bool replace, string? ifMatch, DateTimeOffset now, Action<JsonObject, long> push)
    {
        lock (_guard)
        {
            if (!EntityTags.Meets(EntityTags.OfTwin(_revision), ifMatch))
            {
                return TwinFailure.Precondition("The entity tag is not that of the twin.");
            }

            return replace ? Replace(update, now, push) : Merge(update, now, push);
        }
    }

    /// <summary>Fills the parts of the service's twin document that are the twin's own.</summary>
    public void Describe(JsonObject document)
    {
        lock (_guard)
        {
            document["etag"] = EntityTags.OfTwin(_revision);
            document["version"] = _version;
            document["tags"] = _tags.DeepClone();
            document["properties"] = new JsonObject { ["desired"] = _desired.ToServiceJson(), ["reported"] = _reported.ToServiceJson() };
        }
    }

    public TwinRecord ToRecord()
    {
        lock (_guard)
        {
            return new TwinRecord(
                (JsonObject)_tags.DeepClone(), _version, _revision,
                (JsonObject)_desired.Content.DeepClone(), (JsonObject)_desired.Metadata.DeepClone(), _desired.Version,
                (JsonObject)_reported.Content.DeepClone(), (JsonObject)_reported.Metadata.DeepClone(), _reported.Version);
        }
    }

    public static Twin FromRecord(TwinRecord record)
    {
        var twin = new Twin { _tags = record.Tags, _version = record.Version, _revision = record.Revision };
        twin._desired.Restore(record.Desired, record.DesiredMetadata, record.DesiredVersion);
        twin._reported.Restore(record.Reported, record.ReportedMetadata, record.ReportedVersion);
        return twin;
    }

    private TwinFailure Merge(TwinUpdate update, DateTimeOffset now, Action<JsonObject, long> push)
    {
        JsonObject patch = update.Desired ?? [];
        if (!_desired.TryPrepareMerge(patch, out JsonObject content, out TwinFailure failure))
        {
            return failure;
        }

        failure = TryChangeTags(update.Tags ?? [], _tags);
        if (failure.Status != 0)
        {
            return failure;
        }

        if (patch.Count > 0)
        {
            _desired.CommitMerge(content, patch, now);
            push(PushOf(patch), _desired.Version);
        }

        Changed();
        return TwinFailure.None;
    }

    private TwinFailure Replace(TwinUpdate update, DateTimeOffset now, Action<JsonObject, long> push)
    {
        JsonObject wanted = update.Desired ?? [];
        TwinFailure failure = TwinFailure.OfRule(TwinRules.FindBrokenRule(wanted));
        JsonObject content = MergePatch.Apply([], wanted); // nulls delete what is not there, so none remains
        if (failure.Status == 0)
        {
            failure = TwinFailure.OfSize(TwinRules.SizeOf(content), TwinRules.DesiredBytes);
        }

        if (failure.Status == 0)
        {
            failure = TryChangeTags(update.Tags ?? [], []);
        }

        if (failure.Status != 0)
        {
            return failure;
        }

        _desired.CommitReplacement(content, now);
        push(PushOf(content), _desired.Version);
        Changed();
        return TwinFailure.None;
    }

    private TwinFailure TryChangeTags(JsonObject patch, JsonObject from)
    {
        TwinFailure failure = TwinFailure.OfRule(TwinRules.FindBrokenRule(patch));
        if (failure.Status != 0)
        {
            return failure;
        }

        JsonObject tags = MergePatch.Apply(from, patch);
        failure = TwinFailure.OfSize(TwinRules.SizeOf(tags), TwinRules.TagsBytes);
        if (failure.Status == 0)
        {
            _tags = tags;
        }

        return failure;
    }

    private JsonObject PushOf(JsonObject content)
    {
        var push = (JsonObject)content.DeepClone();
        push["$version"] = _desired.Version;
        return push;
    }

    private void Changed()
    {
        _version++;
        _revision++;
    }
}
