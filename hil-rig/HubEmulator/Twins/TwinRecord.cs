using System.Text.Json.Nodes;

namespace HubEmulator.Twins;

/// <summary>A twin as it is remembered on disk.</summary>
internal sealed record TwinRecord(
    JsonObject Tags,
    long Version,
    long Revision,
    JsonObject Desired,
    JsonObject DesiredMetadata,
    long DesiredVersion,
    JsonObject Reported,
    JsonObject ReportedMetadata,
    long ReportedVersion);
