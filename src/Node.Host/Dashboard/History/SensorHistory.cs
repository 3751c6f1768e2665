using System.Text.Json.Serialization;

namespace Node.Host.Dashboard.History;

/// <summary>What <c>GET /api/history/{sensor}</c> answers. Times are seconds since 1970-01-01 UTC.</summary>
/// <param name="Sensor">The sensor's name.</param>
/// <param name="From">The beginning of what was asked for.</param>
/// <param name="To">Now.</param>
/// <param name="Quantities">The curves.</param>
internal sealed record SensorHistory(string Sensor, double From, double To, IReadOnlyList<QuantitySeries> Quantities);

/// <summary>One curve: three columns of the same length, oldest first; null where there is no value.</summary>
internal sealed record QuantitySeries(string Quantity, IReadOnlyList<double> At, IReadOnlyList<double?> Raw, IReadOnlyList<double?> Filtered);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(SensorHistory))]
internal sealed partial class HistoryJson : JsonSerializerContext;
