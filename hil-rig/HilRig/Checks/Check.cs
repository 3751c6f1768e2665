using HilRig.Scenarios;
using HilRig.Yaml;

namespace HilRig.Checks;

/// <summary>An oracle: judges a finished run by its record alone.</summary>
internal abstract record Check
{
    /// <summary>Where the scenario asks for it.</summary>
    public YamlPlace Place { get; init; }

    /// <summary>The check as the scenario words it, for reports.</summary>
    public abstract string Name { get; }

    public abstract Verdict Judge(RunRecord run);

    /// <summary>Why this check could never find anything in <paramref name="scenario"/>; null when it can.</summary>
    public virtual string? WhyUseless(Scenario scenario) => null;

    protected static string Seconds(TimeSpan duration) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{duration.TotalSeconds:0.00} s");
}
