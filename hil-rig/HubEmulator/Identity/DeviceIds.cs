using System.Buffers;

namespace HubEmulator.Identity;

/// <summary>
/// The alphabet of device and module ids: 1 to 128 characters. Plus and number sign are in some revisions of the service's text only; they are taken.
/// A module's identity is <c>{device}/{module}</c>, which is also its client id: the slash is in no id.
/// </summary>
internal static class DeviceIds
{
    public const int MaximumLength = 128;

    private static readonly SearchValues<char> Alphabet =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.%_*?!(),:=@$'+#");

    public static bool AreValid(ReadOnlySpan<char> id) =>
        id.Length is > 0 and <= MaximumLength && !id.ContainsAnyExcept(Alphabet);

    /// <summary>The identity of a module, or of the device itself when there is none.</summary>
    public static string Join(string device, string? module) => module is null ? device : $"{device}/{module}";

    public static string DeviceOf(string identity) => identity.IndexOf('/', StringComparison.Ordinal) is var slash && slash < 0 ? identity : identity[..slash];

    /// <returns>Null for a device.</returns>
    public static string? ModuleOf(string identity) => identity.IndexOf('/', StringComparison.Ordinal) is var slash && slash < 0 ? null : identity[(slash + 1)..];

    /// <summary>Where tokens and topics place an identity: <c>devices/{device}</c> or <c>devices/{device}/modules/{module}</c>.</summary>
    public static string PathOf(string identity) => ModuleOf(identity) is { } module ? $"devices/{DeviceOf(identity)}/modules/{module}" : $"devices/{identity}";
}
