using System.Buffers;

namespace HubEmulator.Identity;

/// <summary>The alphabet of device and module ids: 1 to 128 characters. Plus and number sign are in some revisions of the service's text only; they are taken.</summary>
internal static class DeviceIds
{
    public const int MaximumLength = 128;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.%_*?!(),:=@$'+#");

    public static bool AreValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaximumLength && !id.ContainsAnyExcept(Alphabet);
}
