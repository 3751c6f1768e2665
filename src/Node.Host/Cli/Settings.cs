using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;

namespace Node.Host.Cli;

/// <summary>The configuration as a command needs it: read, checked, its faults told.</summary>
internal static class Settings
{
    /// <summary>The option of <c>run</c> that stands for the setting <c>Node:Bus:Provider=emulated</c>.</summary>
    public const string Emulate = "--emulate";

    /// <summary>Reads all layers; false when there are faults, which are then on standard error, each with its path.</summary>
    public static bool TryLoad(ParseResult parsed, Option<string[]> overrides, out IConfigurationRoot configuration, out LoadedConfiguration loaded)
    {
        loaded = Load(parsed, overrides, out configuration);
        foreach (string fault in loaded.Faults)
        {
            NodeCommandLine.Refuse(fault);
        }

        return loaded.Faults.Count == 0;
    }

    /// <summary>Reads all layers; the faults are in the result, those of the layers themselves first.</summary>
    public static LoadedConfiguration Load(ParseResult parsed, Option<string[]> overrides, out IConfigurationRoot configuration)
    {
        var faults = new List<string>();
        string environment = Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT") ?? "Production";
        configuration = ConfigurationLayers.Build(AppContext.BaseDirectory, environment, Overrides(parsed, parsed.GetValue(overrides) ?? [], faults), faults);
        LoadedConfiguration loaded = NodeOptionsReader.Read(configuration, AppContext.BaseDirectory);
        return loaded with { Faults = [.. faults, .. loaded.Faults] };
    }

    private static List<KeyValuePair<string, string?>> Overrides(ParseResult parsed, string[] texts, List<string> faults)
    {
        var overrides = new List<KeyValuePair<string, string?>>();
        if (parsed.Tokens.Any(token => token.Value == Emulate))
        {
            overrides.Add(KeyValuePair.Create<string, string?>("Node:Bus:Provider", "emulated"));
        }

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
