using System.Security.Cryptography;
using System.Text;
using HubEmulator.Identity;

namespace HubEmulator.Provisioning;

/// <summary>The keys of a device in a group: HMAC-SHA256 of the registration id in its registered form, under the group's keys, in base64.</summary>
internal static class DerivedKeys
{
    public static SymmetricKeys Of(SymmetricKeys group, string registrationId) => new(Of(group.Primary, registrationId), Of(group.Secondary, registrationId));

    public static string Of(string groupKey, string registrationId) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(groupKey), Encoding.UTF8.GetBytes(registrationId)));
}
