using System.Text.Json.Nodes;
using Node.Sensors.Drivers;

namespace Node.Host.Configuration;

/// <summary>The settings as a JSON Schema (2020-12), for editors and checks: from the reader's own table and the chips' own options.</summary>
internal static class SettingsSchema
{
    private const string Amount = @"[0-9]+(\.[0-9]+)?";
    private const string Short = $"({Amount} *([mM]?[sS]|[mM]([iI][nN])?|[hH]|[dD]) *)+";
    private const string Iso = $"[pP](?=.)({Amount}[wW])?({Amount}[dD])?([tT](?=.)({Amount}[hH])?({Amount}[mM])?({Amount}[sS])?)?";
    private const string DurationPattern = $"^({Short}|{Iso})$";
    private const string WholePattern = "^(-?[0-9]+|0[xX][0-9a-fA-F]+)$";
    private const string NumberPattern = @"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$";
    private const string AddressPattern = "^(0[xX][0-9a-fA-F]{1,2}|[0-9]{1,3})$";
    private const int GreatestAddress = 0x77;

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
        string[] chips = [.. SensorCatalog.Chips.Select(chip => chip.Name)];
        JsonObject chip = OneOf([.. chips.Select(name => JsonValue.Create(name))], chips);
        chip["description"] = SettingPurposes.Of($"Node:Sensors:{SettingsTable.Name}:Chip");
        sensor["properties"]!["Chip"] = chip;
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

        return setting.Kind == SettingKind.Text ? OrFile(json) : json;
    }

    /// <summary>Any text may lie in a file of its own, a secret should.</summary>
    private static JsonObject OrFile(JsonObject json) => new()
    {
        ["anyOf"] = new JsonArray(json, new JsonObject
        {
            ["type"] = "object",
            ["properties"] = new JsonObject { ["File"] = new JsonObject { ["type"] = "string", ["description"] = "A file that holds the value." } },
            ["required"] = new JsonArray("File"),
        }),
    };

    private static JsonObject Typed(Setting setting) => setting.Kind switch
    {
        SettingKind.WholeNumber => Number("integer", setting.Minimum, setting.Maximum, WholePattern),
        SettingKind.Number => Number("number", setting.Minimum, setting.Maximum, NumberPattern),
        SettingKind.Duration => Text(DurationPattern),
        SettingKind.Flag => OneOf([true, false], ["true", "false"]),
        SettingKind.Choice => OneOf([.. setting.Choices.Select(choice => JsonValue.Create(choice))], setting.Choices),
        SettingKind.Address => Number("integer", 0, GreatestAddress, AddressPattern),
        SettingKind.Map => new JsonObject { ["type"] = "object" },
        _ => new JsonObject { ["type"] = new JsonArray("string", "number", "boolean") }, // A number is taken as its text.
    };

    private static JsonObject Text(string pattern) => new() { ["type"] = "string", ["pattern"] = pattern };

    /// <summary>A number, or the same as text, as it stands in an environment.</summary>
    private static JsonObject Number(string type, double? minimum, double? maximum, string pattern)
    {
        var number = new JsonObject { ["type"] = type };
        foreach ((string name, double? bound) in new[] { ("minimum", minimum), ("maximum", maximum) })
        {
            if (bound is { } known)
            {
                number[name] = known;
            }
        }

        return new JsonObject { ["anyOf"] = new JsonArray(number, Text(pattern)) };
    }

    /// <summary>One of these values, which an editor offers; or one of these words in any case, which the node takes too.</summary>
    private static JsonObject OneOf(JsonNode?[] values, IReadOnlyList<string> words) => new()
    {
        ["anyOf"] = new JsonArray(new JsonObject { ["enum"] = new JsonArray(values) }, Text($"^({string.Join('|', words.Select(AnyCase))})$")),
    };

    private static string AnyCase(string word) => string.Concat(word.Select(letter =>
        char.IsAsciiLetter(letter) ? $"[{char.ToLowerInvariant(letter)}{char.ToUpperInvariant(letter)}]" : letter.ToString()));

    private static JsonNode OptionsOf(SensorChip chip)
    {
        var properties = new JsonObject();
        foreach (SensorOption option in chip.Options)
        {
            JsonObject json = Typed(new Setting(option.Name, SettingsReader.KindOf(option.Kind), null, null) { Minimum = option.Minimum, Maximum = option.Maximum, Choices = option.Choices });
            json["description"] = $"{option.Description} ({option.Allowed})";
            json["default"] = option.Default;
            properties[option.Name] = json;
        }

        return new JsonObject
        {
            ["if"] = new JsonObject { ["properties"] = new JsonObject { ["Chip"] = new JsonObject { ["const"] = chip.Name } }, ["required"] = new JsonArray("Chip") },
            ["then"] = new JsonObject
            {
                ["properties"] = new JsonObject { ["Options"] = new JsonObject { ["properties"] = properties } },
            },
        };
    }
}
