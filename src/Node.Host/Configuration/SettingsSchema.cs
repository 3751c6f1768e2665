using System.Text.Json.Nodes;
using Node.Sensors.Drivers;

namespace Node.Host.Configuration;

/// <summary>The settings as a JSON Schema (2020-12), for editors and checks: from the reader's own table and the chips' own options.</summary>
internal static class SettingsSchema
{
    private const string DurationPattern = "^([0-9.]+ *(ms|MS|s|S|m|M|min|h|H|d|D)|[Pp].+)$";

    public static JsonObject Build()
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "sensornode settings: appsettings.json and /data/sensornode.json",
            ["type"] = "object",
            ["properties"] = new JsonObject(),
        };
        foreach (Setting setting in SettingsTable.Build())
        {
            Place(root, setting.Path.Split(':'), Describe(setting));
        }

        JsonObject sensor = root["properties"]!["Node"]!["properties"]!["Sensors"]!["additionalProperties"]!.AsObject();
        sensor["properties"]!["Options"] = new JsonObject { ["type"] = "object", ["description"] = "What the chip itself is told." };
        sensor["allOf"] = new JsonArray([.. SensorCatalog.Chips.Select(OptionsOf)]);
        return root;
    }

    /// <summary>Puts a description into the tree; a part in braces stands for any name.</summary>
    private static void Place(JsonObject at, string[] parts, JsonObject description)
    {
        for (int i = 0; i < parts.Length; i++)
        {
            bool isLast = i == parts.Length - 1;
            JsonObject child = isLast ? description : Open();
            if (parts[i].StartsWith('{'))
            {
                at["additionalProperties"] ??= child;
                at = at["additionalProperties"]!.AsObject();
            }
            else
            {
                JsonObject properties = at["properties"]!.AsObject();
                properties[parts[i]] ??= child;
                at = properties[parts[i]]!.AsObject();
            }
        }
    }

    private static JsonObject Open() => new() { ["type"] = "object", ["properties"] = new JsonObject() };

    private static JsonObject Describe(Setting setting)
    {
        JsonObject json = Typed(setting);
        json["description"] = setting.Purpose;
        if (setting.Default is not null)
        {
            json["default"] = setting.Default;
        }

        return setting.IsSecret
            ? new JsonObject
            {
                ["anyOf"] = new JsonArray(json, new JsonObject
                {
                    ["type"] = "object",
                    ["properties"] = new JsonObject { ["File"] = new JsonObject { ["type"] = "string", ["description"] = "A file that holds the value." } },
                }),
            }
            : json;
    }

    private static JsonObject Typed(Setting setting) => setting.Kind switch
    {
        SettingKind.WholeNumber => Number("integer", setting),
        SettingKind.Number => Number("number", setting),
        SettingKind.Duration => new JsonObject { ["type"] = "string", ["pattern"] = DurationPattern },
        SettingKind.Flag => new JsonObject { ["enum"] = new JsonArray(true, false, "true", "false") },
        SettingKind.Choice => new JsonObject { ["enum"] = new JsonArray([.. setting.Choices.Select(choice => JsonValue.Create(choice))]) },
        SettingKind.Address => new JsonObject { ["type"] = "string", ["pattern"] = "^0[xX][0-9a-fA-F]{1,2}$" },
        SettingKind.Map => new JsonObject { ["type"] = "object" },
        _ => new JsonObject { ["type"] = "string" },
    };

    private static JsonObject Number(string type, Setting setting) => new()
    {
        ["type"] = new JsonArray(type, "string"),
        ["minimum"] = setting.Minimum,
        ["maximum"] = setting.Maximum,
    };

    private static JsonNode OptionsOf(SensorChip chip)
    {
        var properties = new JsonObject();
        foreach (SensorOption option in chip.Options)
        {
            properties[option.Name] = new JsonObject
            {
                ["type"] = new JsonArray("string", "number", "boolean"),
                ["description"] = $"{option.Description} ({option.Allowed})",
                ["default"] = option.Default,
            };
        }

        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["Chip"] = new JsonObject { ["const"] = chip.Name } } },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["Options"] = new JsonObject { ["properties"] = properties, ["additionalProperties"] = false } },
            },
        };
    }
}
