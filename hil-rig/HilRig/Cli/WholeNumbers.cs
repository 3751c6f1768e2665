using System.CommandLine;
using System.Globalization;

namespace HilRig.Cli;

/// <summary>Bounds of options that take a whole number.</summary>
internal static class WholeNumbers
{
    /// <summary>Refuses whatever is no whole number from <paramref name="minimum"/> to <paramref name="maximum"/>; <paramref name="unit"/> follows the bounds in the message.</summary>
    /// <remarks>Judges the words themselves: the library's own conversion throws inside a validator.</remarks>
    public static void Limit(this Option option, int minimum, int maximum, string unit = "") => option.Validators.Add(result =>
    {
        bool fits = result.Tokens.All(token =>
            int.TryParse(token.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= minimum && number <= maximum);
        if (!fits)
        {
            result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} takes {minimum} to {maximum}{unit}."));
        }
    });
}
