namespace Node.Host.Configuration;

/// <summary>A setting as its reader asks for it: what documentation, schema and hints are made from.</summary>
/// <param name="Path">Configuration path; in the table with <c>{name}</c> in place of what the user names.</param>
/// <param name="Kind">What kind of value it takes.</param>
/// <param name="Default">The value in force when it is not set, as text; null for none.</param>
/// <param name="Allowed">The allowed values, for people; null when any text is.</param>
internal sealed record Setting(string Path, SettingKind Kind, string? Default, string? Allowed)
{
    /// <summary>The lowest number allowed, for numbers.</summary>
    public double? Minimum { get; init; }

    /// <summary>The greatest number allowed, for numbers.</summary>
    public double? Maximum { get; init; }

    /// <summary>What it does, for people; null where <see cref="SettingPurposes"/> says it.</summary>
    public string? Purpose { get; init; }

    /// <summary>The words allowed, for a choice.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    public bool IsSecret => Secrets.IsSecret(Path);
}
