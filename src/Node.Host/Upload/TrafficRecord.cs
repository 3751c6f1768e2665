using System.Text.Json;
using System.Text.Json.Serialization;
using Node.Host.Configuration;

namespace Node.Host.Upload;

/// <summary>What the file <c>traffic.json</c> keeps over a restart.</summary>
/// <param name="Day">The day that is counted, UTC.</param>
/// <param name="Bytes">What may have gone out on it: never less than what did.</param>
/// <param name="Earlier">The totals of the days before, newest first.</param>
internal sealed record TrafficRecord(DateOnly Day, long Bytes, IReadOnlyList<long> Earlier)
{
    public const string FileName = "traffic.json";

    /// <summary>Reads the file; null when it is not there. One that cannot be read gives the reason.</summary>
    public static TrafficRecord? Read(string file, out string? unreadable)
    {
        unreadable = null;
        try
        {
            return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), TrafficRecordJson.Default.TrafficRecord) : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or JsonException)
        {
            unreadable = failure.Message;
            return null;
        }
    }

    /// <summary>Replaces the file in one step; the reason when it could not be, else null.</summary>
    public string? Write(string file)
    {
        try
        {
            DurableFile.Replace(file, JsonSerializer.Serialize(this, TrafficRecordJson.Default.TrafficRecord));
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(TrafficRecord))]
internal sealed partial class TrafficRecordJson : JsonSerializerContext;
