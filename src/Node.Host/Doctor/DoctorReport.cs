using System.Text.Json.Serialization;

namespace Node.Host.Doctor;

/// <summary>All findings. <c>sensornode doctor --json</c> prints it.</summary>
internal sealed record DoctorReport(int Errors, int Warnings, IReadOnlyList<CheckResult> Checks);

/// <summary>One finding: <paramref name="Result"/> is <c>ok</c>, <c>warning</c> or <c>error</c>.</summary>
internal sealed record CheckResult(string Check, string Result, string Text, string? Remedy);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, GenerationMode = JsonSourceGenerationMode.Serialization)]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class DoctorJson : JsonSerializerContext;
