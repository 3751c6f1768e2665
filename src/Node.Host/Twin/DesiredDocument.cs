using System.Text.Json;
using System.Text.Json.Nodes;
using Node.HubClient;

namespace Node.Host.Twin;

/// <summary>The desired properties as the hub has told them since the last connect, also those that were refused. Any thread.</summary>
internal sealed class DesiredDocument
{
    private readonly Lock _gate = new();
    private JsonObject? _desired;

    /// <summary>Takes over a twin or a patch. What is no JSON object is left; whoever applies it has logged that.</summary>
    public void Receive(TwinUpdateState state, ReadOnlySpan<byte> json)
    {
        if (Parse(json) is not { } document)
        {
            return;
        }

        lock (_gate)
        {
            if (state == TwinUpdateState.Complete)
            {
                _desired = document["desired"]?.DeepClone() as JsonObject ?? [];
            }
            else
            {
                _desired ??= [];
                MergePatch.Apply(_desired, document);
            }
        }
    }

    /// <summary>A copy; null before the first twin.</summary>
    public JsonObject? Read()
    {
        lock (_gate)
        {
            return _desired?.DeepClone().AsObject();
        }
    }

    private static JsonObject? Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return StrictJson.Parse(json) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
