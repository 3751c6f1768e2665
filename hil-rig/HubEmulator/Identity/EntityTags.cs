using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace HubEmulator.Identity;

/// <summary>Entity tags as the service forms them, and the ways in which clients send them back.</summary>
internal static class EntityTags
{
    /// <summary>Base64 of an eight-byte big-endian counter.</summary>
    public static string OfTwin(long counter)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, counter);
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Base64 of a decimal text.</summary>
    public static string OfDevice(long counter) =>
        Convert.ToBase64String(Encoding.ASCII.GetBytes(counter.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Base64 of a GUID's text in quotation marks, the form of enrolments and registrations.</summary>
    public static string OfProvisioning(long counter) => Convert.ToBase64String(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"00000000-0000-0000-0000-{counter:x12}\"")));

    /// <summary>True when the condition names the tag or any: <c>*</c>, <c>"*"</c>, the tag bare or in quotes. No condition is met by every tag.</summary>
    public static bool Meets(string tag, string? ifMatch)
    {
        string? wanted = ifMatch?.Trim().Trim('"');
        return string.IsNullOrEmpty(wanted) || wanted == "*" || wanted == tag;
    }
}
