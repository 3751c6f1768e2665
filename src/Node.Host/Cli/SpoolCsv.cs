using System.Globalization;
using System.Text;
using Node.Host.Spool;

namespace Node.Host.Cli;

/// <summary>A spooled reading as a line of CSV (RFC 4180).</summary>
internal static class SpoolCsv
{
    public static string Row(SpooledMessage message) => string.Create(CultureInfo.InvariantCulture,
        $"{message.Sequence},{Field(message.BootId)},{Field(message.Component)},{message.SampledAt:yyyy-MM-dd'T'HH:mm:ss.fff'Z'},"
        + $"{(message.TimeSynced ? "true" : "false")},{Field(message.Quality)},{message.Priority},{Field(Encoding.UTF8.GetString(message.Body.Span))}");

    private static string Field(string text) => text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
