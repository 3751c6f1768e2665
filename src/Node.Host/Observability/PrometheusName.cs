using System.Globalization;
using System.Text;

namespace Node.Host.Observability;

/// <summary>How names, labels and numbers are written in Prometheus's text format.</summary>
internal static class PrometheusName
{
    /// <summary>The family's name: other characters become underscores, the base unit and <c>_total</c> are appended where they belong.</summary>
    public static string Of(string instrument, string? unit, bool isCounter)
    {
        string name = Sanitize(instrument, allowColon: true);
        string suffix = unit switch { "s" => "_seconds", "By" => "_bytes", "%" => "_percent", _ => "" };
        name += suffix.Length > 0 && !name.EndsWith(suffix, StringComparison.Ordinal) ? suffix : "";
        return isCounter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Labels without their braces, such as <c>id="climate",name="humidity"</c>; empty for none.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = new StringBuilder();
        foreach ((string key, object? value) in tags)
        {
            text.Append(text.Length > 0 ? "," : "").Append(Sanitize(key, allowColon: false)).Append("=\"")
                .Append(Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "").Replace("\"", "\\\"", StringComparison.Ordinal)).Append('"');
        }

        return text.ToString();
    }

    /// <summary>Backslash and line feed, as a HELP text has them escaped.</summary>
    public static string Escape(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);

    public static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf" : double.IsNegativeInfinity(value) ? "-Inf" : value.ToString("R", CultureInfo.InvariantCulture);

    private static string Sanitize(string name, bool allowColon)
    {
        var text = new StringBuilder(name.Length);
        foreach (char each in name)
        {
            text.Append(char.IsAsciiLetterOrDigit(each) || each == '_' || (each == ':' && allowColon) ? each : '_');
        }

        return text.Length > 0 && char.IsAsciiDigit(text[0]) ? "_" + text : text.ToString();
    }
}
