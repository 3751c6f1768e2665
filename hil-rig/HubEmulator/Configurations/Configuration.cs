using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Configurations;

/// <summary>An automatic configuration: what all devices, or modules, shall desire that its condition finds. Each change is a new value with the next revision.</summary>
internal sealed record Configuration
{
    public required string Id { get; init; }

    public required string SchemaVersion { get; init; }

    public required JsonObject Labels { get; init; }

    /// <summary><c>deviceContent</c> or <c>moduleContent</c>, which are applied, or <c>modulesContent</c> for Edge devices, which is only kept.</summary>
    public required JsonObject Content { get; init; }

    /// <summary>The WHERE of a query; empty for nobody, an asterisk for all, or from FROM on for modules.</summary>
    public required string TargetCondition { get; init; }

    /// <summary>Where two configurations set the same property, the higher one counts, or of two that are equal the later one.</summary>
    public required int Priority { get; init; }

    /// <summary>The queries of the metrics, by name.</summary>
    public required JsonObject MetricQueries { get; init; }

    public DateTimeOffset Created { get; init; }

    public DateTimeOffset Updated { get; init; }

    /// <summary>Counts the changes; the entity tag is made of it.</summary>
    public long Revision { get; init; } = 1;

    public string ETag => EntityTags.OfDevice(Revision);
}
