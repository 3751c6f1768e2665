using System.Text.Json.Nodes;

namespace HubEmulator.Queries;

/// <summary>The WHERE of a query: true or not for the twin document of an identity.</summary>
internal delegate bool QueryCondition(JsonObject document);
