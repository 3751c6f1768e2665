using Microsoft.Extensions.Configuration;

namespace Node.Host.Configuration;

/// <summary>A value in force and where it comes from.</summary>
/// <param name="Key">Configuration path.</param>
/// <param name="Value">As it may be shown: a secret is masked.</param>
/// <param name="Source">The layer, in words.</param>
/// <param name="Over">The layers below that give the key a value too, each as <c>layer: value</c>, the nearest first.</param>
internal sealed record EffectiveSetting(string Key, string Value, string Source, IReadOnlyList<string> Over)
{
    private const string Masked = "(secret)";
    public const string Hidden = "(hidden: no setting of this node)";

    /// <summary>A setting's value as it may be shown.</summary>
    public static string Shown(string key, string? value) => value switch
    {
        _ when Secrets.IsSecret(key) || Secrets.LooksSecret(value ?? "") => Masked,
        "True" or "False" => value.ToLowerInvariant(), // What the reader of JSON makes of true and false.
        _ => value ?? "",
    };

    /// <summary>Every value that a layer gives, and with <paramref name="withDefaults"/> the defaults of what no layer gives.</summary>
    public static IEnumerable<EffectiveSetting> All(IConfigurationRoot configuration, LoadedConfiguration loaded, bool withDefaults)
    {
        var given = configuration.GetSection("Node").AsEnumerable().Where(pair => pair.Value is not null).Select(pair => pair.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        IEnumerable<EffectiveSetting> defaults = loaded.Settings
            .Where(setting => withDefaults && setting.Default is not null && !given.Contains(setting.Path))
            .Select(setting => new EffectiveSetting(setting.Path, Shown(setting.Path, setting.Default), "default", []));
        return given.Select(key => Of(configuration, key, loaded.Unknown.Contains(key))).Concat(defaults).OrderBy(setting => setting.Key, StringComparer.OrdinalIgnoreCase);
    }

    private static EffectiveSetting Of(IConfigurationRoot configuration, string key, bool isUnknown)
    {
        string Text(string? value) => isUnknown ? Hidden : Shown(key, value);
        List<(string Source, string? Value)> values = [.. ConfigurationLayers.Values(configuration, key)];
        return new EffectiveSetting(key, Text(values[0].Value), values[0].Source, [.. values.Skip(1).Select(below => $"{below.Source}: {Text(below.Value)}")]);
    }
}
