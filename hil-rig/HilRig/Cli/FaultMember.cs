using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json.Nodes;

namespace HilRig.Cli;

/// <summary>An option of <c>hilrig hub fault</c> and the member of the hub's call that it fills; the hub knows the ranges and tells them.</summary>
/// <param name="Name">The member.</param>
/// <param name="Option">The option.</param>
/// <param name="Read">Its value in JSON; null when it was not given.</param>
internal sealed record FaultMember(string Name, Option Option, Func<ParseResult, JsonNode?> Read)
{
    public static FaultMember Text(string name, string option, string help, string value)
    {
        var made = new Option<string?>(option) { Description = help, HelpName = value };
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { } text ? JsonValue.Create(text) : null);
    }

    public static FaultMember Whole(string name, string option, string help)
    {
        var made = new Option<int?>(option) { Description = help, HelpName = "N" };
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { } number ? JsonValue.Create(number) : null);
    }

    public static FaultMember Fraction(string name, string option, string help)
    {
        var made = new Option<double?>(option) { Description = help, HelpName = "X", CustomParser = result => ReadNumber(result, "a number such as 0.25") };
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { } number ? JsonValue.Create(number) : null);
    }

    public static FaultMember Seconds(string name, string option, string help)
    {
        var made = new Option<double?>(option) { Description = help, HelpName = "TIME", CustomParser = ReadSeconds };
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { } number ? JsonValue.Create(number) : null);
    }

    public static FaultMember Flag(string name, string option, string help)
    {
        var made = new Option<bool>(option) { Description = help };
        return new FaultMember(name, made, parsed => parsed.GetValue(made) ? JsonValue.Create(true) : null);
    }

    /// <summary>Several words of a few.</summary>
    public static FaultMember Words(string name, string option, string help, params string[] words)
    {
        var made = new Option<string[]>(option) { Description = $"{help} ({string.Join(", ", words)}); may be repeated.", HelpName = "WORD" };
        made.AcceptOnlyFromAmong(words);
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { Length: > 0 } chosen ? new JsonArray([.. chosen.Select(word => (JsonNode)word)]) : null);
    }

    /// <summary>One word of a few.</summary>
    public static FaultMember Word(string name, string option, string help, params (string Word, string Member)[] words)
    {
        var made = new Option<string?>(option) { Description = $"{help} ({string.Join(", ", words.Select(one => one.Word))}).", HelpName = "WORD" };
        made.AcceptOnlyFromAmong([.. words.Select(one => one.Word)]);
        return new FaultMember(name, made, parsed => parsed.GetValue(made) is { } chosen ? JsonValue.Create(words.First(one => one.Word == chosen).Member) : null);
    }

    /// <summary>Seconds as a number, or any of the rig's forms of a duration.</summary>
    private static double? ReadSeconds(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        return Durations.TryParse(text, out TimeSpan duration) ? duration.TotalSeconds : ReadNumber(result, $"seconds, or {Durations.Forms}");
    }

    private static double? ReadNumber(ArgumentResult result, string wanted)
    {
        string text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
        {
            return number;
        }

        result.AddError($"{((OptionResult)result.Parent!).Option.Name} takes {wanted}, not '{text}'.");
        return null;
    }
}
