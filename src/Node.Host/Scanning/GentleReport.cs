using System.Text.Json.Serialization;

namespace Node.Host.Scanning;

/// <summary>What a scan beside the running sampling found.</summary>
internal sealed record GentleReport(string Provider, DateTimeOffset At, IReadOnlyList<GentleBus> Buses);

/// <summary>One bus.</summary>
/// <param name="Bus">Its number.</param>
/// <param name="Chips">What is there, by address.</param>
/// <param name="Problem">Why it could not be looked at; null when it could.</param>
internal sealed record GentleBus(int Bus, IReadOnlyList<GentleChip> Chips, string? Problem);

/// <summary>What is at an address.</summary>
/// <param name="Address">3 to 119.</param>
/// <param name="State"><c>answers</c>: something not configured; <c>ok</c>, <c>fault</c>, <c>configured</c>: by its sensor, the chip was not asked.</param>
/// <param name="Chip">What it is or probably is; null when nothing is known.</param>
/// <param name="Sensor">The sensor configured there; null for none.</param>
/// <param name="Mux">The multiplexer channel that it is behind; null for none.</param>
internal sealed record GentleChip(int Address, string State, string? Chip, string? Sensor, string? Mux);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(GentleReport))]
internal sealed partial class GentleJson : JsonSerializerContext;
