using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;

namespace Node.Host.Cli;

/// <summary><c>sensornode config show</c>: the settings in force, each with where it comes from; secrets are not printed.</summary>
internal static class ConfigCommand
{
    public static Command Create(Option<string[]> settings)
    {
        var show = new Command("show", "Prints the settings in force, each with its source. Secrets are not printed.");
        show.SetAction(parsed => Show(parsed, settings));
        return new Command("config", "Shows what the node was told.") { show };
    }

    /// <summary>A setting's value as it may be shown.</summary>
    public static string Shown(string key, string? value) => Secrets.IsSecret(key) ? "(secret)" : value ?? "";

    private static int Show(ParseResult parsed, Option<string[]> settings)
    {
        bool usable = Settings.TryLoad(parsed, settings, out IConfigurationRoot configuration, out LoadedConfiguration loaded);
        foreach ((string key, string? value) in configuration.GetSection("Node").AsEnumerable()
            .Where(pair => pair.Value is not null).OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            Console.WriteLine($"{key} = {Shown(key, value)}  ({ConfigurationLayers.SourceOf(configuration, key)})");
        }

        Console.WriteLine($"data folder in use: {loaded.Options.DataFolder}");
        foreach (string warning in loaded.Warnings)
        {
            Console.Error.WriteLine($"sensornode: {warning}");
        }

        return usable ? NodeCommandLine.Done : NodeCommandLine.Unusable;
    }
}
