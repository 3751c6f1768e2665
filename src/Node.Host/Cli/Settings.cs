using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;

namespace Node.Host.Cli;

/// <summary>The configuration as a command needs it: read, checked, its faults told.</summary>
internal static class Settings
{
    /// <summary>Reads all layers; false when there are faults, which are then on standard error, each with its path.</summary>
    public static bool TryLoad(ParseResult parsed, Option<string[]> overrides, out IConfigurationRoot configuration, out LoadedConfiguration loaded)
    {
        var faults = new List<string>();
        string environment = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
        configuration = ConfigurationLayers.Build(AppContext.BaseDirectory, environment, Overrides(parsed.GetValue(overrides) ?? [], faults), faults);
        loaded = NodeOptionsReader.Read(configuration, AppContext.BaseDirectory);
        foreach (string fault in faults.Concat(loaded.Faults))
        {
            NodeCommandLine.Refuse(fault);
        }

        return faults.Count + loaded.Faults.Count == 0;
    }

    private static List<KeyValuePair<string, string?>> Overrides(string[] texts, List<string> faults)
    {
        var overrides = new List<KeyValuePair<string, string?>>();
        foreach (string text in texts)
        {
            int mark = text.IndexOf('=', StringComparison.Ordinal);
            if (mark > 0)
            {
                overrides.Add(KeyValuePair.Create<string, string?>(text[..mark], text[(mark + 1)..]));
            }
            else
            {
                faults.Add($"--set {text}: is no setting; write KEY=VALUE, for example Node:Http:Port=0");
            }
        }

        return overrides;
    }
}
