using System.Globalization;

namespace Node.Host;

/// <summary>Numbers of things as people write them: <c>1 reading</c>, <c>1,200 readings</c>.</summary>
internal static class Counted
{
    /// <summary>The number and its noun.</summary>
    /// <param name="count">How many.</param>
    /// <param name="thing">One of them; several have an <c>s</c> at the end.</param>
    public static string Of(long count, string thing) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {thing}{(count == 1 ? "" : "s")}");
}
