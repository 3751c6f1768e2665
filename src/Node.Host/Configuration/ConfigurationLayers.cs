using System.Text.Json;
using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>Stacks the sources, the later over the earlier: shipped defaults, environment's file, persistent file, environment, secrets, command line.</summary>
internal static class ConfigurationLayers
{
    public const string PersistentFile = "/data/sensornode.json";

    private const string Nested = "__";

    private static readonly string[] Sections = ["Node", "Logging", "$schema"];

    /// <summary>Builds the layers. A file that is no JSON, or a secret that cannot be read, becomes a fault, never an exception.</summary>
    public static IConfigurationRoot Build(
        string contentRoot, string environment, IReadOnlyList<KeyValuePair<string, string?>> commandLine, ICollection<string> faults)
    {
        var builder = new ConfigurationBuilder();
        AddJson(builder, Path.Combine(contentRoot, "appsettings.json"), faults);
        AddJson(builder, Path.Combine(contentRoot, $"appsettings.{environment}.json"), faults);
        AddJson(builder, PersistentFile, faults);
        builder.Add(new NamedValues(BalenaAliases.Source, BalenaAliases.Read(Environment.GetEnvironmentVariable)));
        builder.AddEnvironmentVariables();
        builder.Add(new NamedValues("systemd credential", SystemdCredentials.Read(Environment.GetEnvironmentVariable(SystemdCredentials.Variable), faults)));
        builder.Add(new NamedValues("secret file", SecretFiles.Read(builder.Build(), faults)));
        builder.Add(new NamedValues("command line", commandLine.Select(pair => KeyValuePair.Create(pair.Key.Replace(Nested, ":", StringComparison.Ordinal), pair.Value))));
        return builder.Build();
    }

    /// <summary>Where the value in force for <paramref name="key"/> comes from, in words.</summary>
    public static string SourceOf(IConfigurationRoot configuration, string key) =>
        Values(configuration, key).Select(value => value.Source).FirstOrDefault("default");

    /// <summary>The values that the layers give a key, the one in force first, each with its layer in words.</summary>
    public static IEnumerable<(string Source, string? Value)> Values(IConfigurationRoot configuration, string key)
    {
        foreach (IConfigurationProvider provider in configuration.Providers.Reverse())
        {
            if (provider.TryGet(key, out string? value))
            {
                yield return (NameOf(provider), value);
            }
        }
    }

    /// <summary>What a file or the command line has beside the sections that the node reads. The environment has much that is none of its business.</summary>
    public static IEnumerable<string> StrangeSections(IConfiguration configuration) => configuration is not IConfigurationRoot root ? []
        : root.Providers.Where(provider => provider is FileConfigurationProvider or NamedValues)
            .SelectMany(provider => provider.GetChildKeys([], null))
            .Where(section => !Sections.Contains(section, StringComparer.OrdinalIgnoreCase))
            .Distinct(StringComparer.OrdinalIgnoreCase);

    private static string NameOf(IConfigurationProvider provider) => provider switch
    {
        FileConfigurationProvider file => file.Source.Path ?? "file",
        NamedValues named => named.Name,
        _ => "environment",
    };

    private static void AddJson(ConfigurationBuilder builder, string file, ICollection<string> faults)
    {
        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            new ConfigurationBuilder().AddJsonFile(file, optional: false, reloadOnChange: false).Build();
            builder.AddJsonFile(file, optional: true, reloadOnChange: false);
        }
        catch (Exception unreadable) when (unreadable is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            faults.Add($"{file}{PlaceOf(unreadable)}: is no readable JSON ({ReasonOf(unreadable)}); put it right or remove it");
        }
    }

    /// <summary>The line of the fault, where the reader tells it; counted from one, as editors do.</summary>
    private static string PlaceOf(Exception unreadable) =>
        unreadable.GetBaseException() is JsonException { LineNumber: { } line, BytePositionInLine: { } column } ? $"({line + 1},{column + 1})" : "";

    /// <summary>The reader's own words, without the place that it repeats at their end.</summary>
    private static string ReasonOf(Exception unreadable)
    {
        string text = unreadable.GetBaseException().Message;
        int place = text.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return (place < 0 ? text : text[..place]).TrimEnd('.');
    }
}
