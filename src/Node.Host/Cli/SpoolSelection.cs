using System.CommandLine;
using System.Globalization;
using Node.Host.Spool;

namespace Node.Host.Cli;

/// <summary>Which readings a command is about: <c>--sensor</c>, <c>--from</c> and <c>--to</c>; all when none is given.</summary>
internal sealed record SpoolSelection(Option<string?> Sensor, Option<string?> From, Option<string?> To)
{
    public static SpoolSelection Create() => new(
        new Option<string?>("--sensor") { Description = "Only readings of this sensor.", HelpName = "NAME" },
        new Option<string?>("--from") { Description = "Only readings taken at this time or later, for example 2026-03-01T12:00:00Z.", HelpName = "TIME" },
        new Option<string?>("--to") { Description = "Only readings taken before this time.", HelpName = "TIME" });

    public void AddTo(Command command)
    {
        command.Options.Add(Sensor);
        command.Options.Add(From);
        command.Options.Add(To);
    }

    public bool IsGiven(ParseResult parsed) =>
        parsed.GetValue(Sensor) is not null || parsed.GetValue(From) is not null || parsed.GetValue(To) is not null;

    /// <summary>Reads the options; false when a time is none, which is then on standard error.</summary>
    public bool TryRead(ParseResult parsed, out Func<SpooledMessage, bool> isSelected)
    {
        string? sensor = parsed.GetValue(Sensor);
        bool usable = TryReadTime(parsed, From, out DateTimeOffset? from) & TryReadTime(parsed, To, out DateTimeOffset? to);
        isSelected = message => (sensor is null || message.Component == sensor)
            && (from is null || message.SampledAt >= from) && (to is null || message.SampledAt < to);
        return usable;
    }

    private static bool TryReadTime(ParseResult parsed, Option<string?> option, out DateTimeOffset? time)
    {
        time = null;
        if (parsed.GetValue(option) is not { } text)
        {
            return true;
        }

        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset read))
        {
            time = read;
            return true;
        }

        NodeCommandLine.Refuse($"{option.Name}: '{text}' is no time; write it as 2026-03-01T12:00:00Z");
        return false;
    }
}
