using System.Buffers;

namespace HubEmulator.Provisioning;

/// <summary>
/// The form of registration ids and of the names of groups: 1 to 128 letters, digits and <c>- . _ :</c>, the last one alphanumeric or a hyphen.
/// Case does not count; lower case is the registered form, over which keys are derived.
/// </summary>
internal static class RegistrationIds
{
    private const int MaximumLength = 128;

    private static readonly SearchValues<char> Alphabet = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:");

    public static bool AreValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaximumLength && !id.ContainsAnyExcept(Alphabet) && id[^1] is not ('.' or '_' or ':');

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "Keys are derived over the lower-case form.")]
    public static string AsRegistered(string id) => id.ToLowerInvariant();
}
