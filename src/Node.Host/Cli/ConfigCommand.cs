using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Node.Host.Configuration;
using Node.Host.Twin;

namespace Node.Host.Cli;

/// <summary><c>sensornode config show|check|schema</c>: what the node was told, whether it can be used, and what there is to tell. Secrets are not printed.</summary>
internal static class ConfigCommand
{
    private const int Warned = 3;

    public static Command Create(Option<string[]> settings)
    {
        var sources = new Option<bool>("--sources") { Description = "Adds defaults, the twin's values, and what each value stands over." };
        var json = new Option<bool>("--json") { Description = "Prints one JSON object." };
        var show = new Command("show", "Prints the settings in force, each with its source. Secrets are not printed.") { sources, json };
        show.SetAction(parsed => Show(parsed, settings, parsed.GetValue(sources), parsed.GetValue(json)));
        var check = new Command("check", "Checks the settings: exit code 0, 1 with a fault, 3 with warnings only.");
        check.SetAction(parsed => Check(parsed, settings));
        var schema = new Command("schema", "Prints the JSON schema of the settings, chips' options included.");
        schema.SetAction(_ => Console.WriteLine(Text(SettingsSchema.Build())));
        return new Command("config", "Shows and checks what the node was told.") { show, check, schema };
    }

    private static int Show(ParseResult parsed, Option<string[]> settings, bool sources, bool json)
    {
        bool usable = Settings.TryLoad(parsed, settings, out IConfigurationRoot configuration, out LoadedConfiguration loaded);
        IEnumerable<EffectiveSetting> all = EffectiveSetting.All(configuration, loaded, withDefaults: sources);
        if (sources)
        {
            var kept = new LastGoodDesired(Path.Combine(loaded.Options.DataFolder, "desired.json"), NullLogger.Instance);
            all = TwinLayer.Over(all, kept.ValuesOf(""), loaded.Options);
        }

        List<EffectiveSetting> shown = [.. all];
        if (json)
        {
            Console.WriteLine(Text(Json(shown)));
        }
        else
        {
            shown.ForEach(setting => Console.WriteLine(
                $"{setting.Key} = {setting.Value}  ({setting.Source}{(sources && setting.Over.Count > 0 ? $"; over {string.Join("; ", setting.Over)}" : "")})"));
            Console.WriteLine($"data folder in use: {loaded.Options.DataFolder}");
        }

        Warn(loaded);
        return usable ? NodeCommandLine.Done : NodeCommandLine.Unusable;
    }

    private static int Check(ParseResult parsed, Option<string[]> settings)
    {
        bool usable = Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded);
        Warn(loaded);
        Console.WriteLine($"{Count(loaded.Faults.Count, "fault")}, {Count(loaded.Warnings.Count, "warning")}");
        return !usable ? NodeCommandLine.Failed : loaded.Warnings.Count > 0 ? Warned : NodeCommandLine.Done;
    }

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static void Warn(LoadedConfiguration loaded)
    {
        foreach (string warning in loaded.Warnings)
        {
            Console.Error.WriteLine($"sensornode: {warning}");
        }
    }

    private static JsonObject Json(List<EffectiveSetting> settings)
    {
        var json = new JsonObject();
        foreach (EffectiveSetting setting in settings)
        {
            json[setting.Key] = new JsonObject
            {
                ["value"] = setting.Value,
                ["source"] = setting.Source,
                ["over"] = new JsonArray([.. setting.Over.Select(below => JsonValue.Create(below))]),
            };
        }

        return json;
    }

    private static string Text(JsonObject json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
