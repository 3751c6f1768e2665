using System.Text.Json.Nodes;

namespace Node.Host.Model;

/// <summary>The words of DTDL version 2 that the node's model needs (Digital Twins Definition Language, v2).</summary>
internal static class Dtdl
{
    public const string Context = "dtmi:dtdl:context;2";

    /// <summary>An interface without its id.</summary>
    public static JsonObject Interface(string displayName, string description, IEnumerable<JsonObject> contents) => new()
    {
        ["@context"] = Context,
        ["@type"] = "Interface",
        ["displayName"] = displayName,
        ["description"] = description,
        ["contents"] = new JsonArray([.. contents]),
    };

    public static JsonObject Property(string name, JsonNode schema, bool writable, string description)
    {
        var json = Element("Property", name, description);
        json["schema"] = schema;
        json["writable"] = writable;
        return json;
    }

    /// <summary>Telemetry; with a semantic type the unit is one of those that this type has.</summary>
    public static JsonObject Telemetry(string name, JsonNode schema, string description, (string Type, string Unit)? semantic = null)
    {
        var json = Element("Telemetry", name, description);
        json["schema"] = schema;
        if (semantic is { } meaning)
        {
            json["@type"] = new JsonArray("Telemetry", meaning.Type);
            json["unit"] = meaning.Unit;
        }

        return json;
    }

    public static JsonObject Command(string name, string description, JsonNode? request, JsonNode? response)
    {
        var json = Element("Command", name, description);
        if (request is not null)
        {
            json["request"] = new JsonObject { ["name"] = "request", ["schema"] = request };
        }

        if (response is not null)
        {
            json["response"] = new JsonObject { ["name"] = "response", ["schema"] = response };
        }

        return json;
    }

    public static JsonObject Component(string name, string interfaceId) => new() { ["@type"] = "Component", ["name"] = name, ["schema"] = interfaceId };

    public static JsonObject Object(params (string Name, JsonNode Schema)[] fields) => new()
    {
        ["@type"] = "Object",
        ["fields"] = new JsonArray([.. fields.Select(field => new JsonObject { ["name"] = field.Name, ["schema"] = field.Schema })]),
    };

    public static JsonObject Map(string keyName, JsonNode value) => new()
    {
        ["@type"] = "Map",
        ["mapKey"] = new JsonObject { ["name"] = keyName, ["schema"] = "string" },
        ["mapValue"] = new JsonObject { ["name"] = "value", ["schema"] = value },
    };

    /// <summary>An array; allowed in commands and telemetry, in no property.</summary>
    public static JsonObject Array(JsonNode element) => new() { ["@type"] = "Array", ["elementSchema"] = element };

    /// <summary>A choice of words.</summary>
    public static JsonObject Enum(params IEnumerable<string> words) => new()
    {
        ["@type"] = "Enum",
        ["valueSchema"] = "string",
        ["enumValues"] = new JsonArray([.. words.Select(word => new JsonObject { ["name"] = word, ["enumValue"] = word })]),
    };

    private static JsonObject Element(string type, string name, string description)
    {
        const int Longest = 512; // DTDL v2, "description".
        return new JsonObject { ["@type"] = type, ["name"] = name, ["description"] = description.Length <= Longest ? description : description[..Longest] };
    }
}
