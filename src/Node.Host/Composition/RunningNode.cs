using System.Text.Json;
using System.Text.Json.Serialization;
using Node.Host.Configuration;

namespace Node.Host.Composition;

/// <summary>Where the running node can be asked: the file <c>node.json</c> in the data folder, there from listening until the stop.</summary>
internal sealed record RunningNode(int Pid, string HttpUrl, string BootId)
{
    private const string FileName = "node.json";

    public static void Write(string dataFolder, RunningNode node) =>
        DurableFile.Replace(Path.Combine(dataFolder, FileName), JsonSerializer.Serialize(node, RunningNodeJson.Default.RunningNode));

    public static void Remove(string dataFolder) => File.Delete(Path.Combine(dataFolder, FileName));

    /// <summary>The node that runs on this data folder; null when there is none or the file cannot be read.</summary>
    public static RunningNode? Read(string dataFolder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(dataFolder, FileName)), RunningNodeJson.Default.RunningNode);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunningNode))]
internal sealed partial class RunningNodeJson : JsonSerializerContext;
