using System.Text.Json.Nodes;
using HubEmulator.Identity;

namespace HubEmulator.Rest;

/// <summary>
/// The member <c>authentication</c> of an identity:
/// <c>{"type":"sas"|"selfSigned"|"certificateAuthority","symmetricKey":{…},"x509Thumbprint":{"primaryThumbprint","secondaryThumbprint"}}</c>.
/// </summary>
internal static class AuthenticationMembers
{
    private static readonly Dictionary<string, AuthenticationType> Types = new(StringComparer.OrdinalIgnoreCase)
    {
        ["sas"] = AuthenticationType.Sas,
        ["selfSigned"] = AuthenticationType.SelfSigned,
        ["certificateAuthority"] = AuthenticationType.CertificateAuthority,
    };

    /// <summary>The name of a type on the wire.</summary>
    public static string NameOf(AuthenticationType type) => Types.First(pair => pair.Value == type).Key;

    public static JsonObject Describe(DeviceCredentials credentials) => new()
    {
        ["symmetricKey"] = credentials.Type == AuthenticationType.Sas
            ? SymmetricKeyMembers.Describe(credentials.Keys)
            : new JsonObject { ["primaryKey"] = null, ["secondaryKey"] = null },
        ["x509Thumbprint"] = Describe(credentials.Thumbprints),
        ["type"] = NameOf(credentials.Type),
    };

    public static JsonObject Describe(Thumbprints thumbprints) => new() { ["primaryThumbprint"] = thumbprints.Primary, ["secondaryThumbprint"] = thumbprints.Secondary };

    /// <summary>Reads the member out of an identity. Where it is missing, the credentials stay as they are; where there are none, keys are generated. Empty keys mean the same.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public static string? TryRead(JsonObject identity, DeviceCredentials? existing, out DeviceCredentials credentials)
    {
        credentials = existing ?? DeviceCredentials.Generate();
        if (identity["authentication"] is not { } authentication)
        {
            return null;
        }

        if (authentication is not JsonObject members)
        {
            return "authentication must be an object.";
        }

        string type = members["type"]?.ToString() ?? (members["symmetricKey"] is null && members["x509Thumbprint"] is JsonObject ? "selfSigned" : "sas");
        if (!Types.TryGetValue(type, out AuthenticationType known))
        {
            return $"authentication.type must be one of {string.Join(", ", Types.Keys)}, not '{type}'.";
        }

        switch (known)
        {
            case AuthenticationType.Sas:
                SymmetricKeys former = existing?.Type == AuthenticationType.Sas ? existing.Keys : SymmetricKeys.Generate();
                string? broken = SymmetricKeyMembers.TryRead(members["symmetricKey"], former, out SymmetricKeys keys);
                credentials = DeviceCredentials.Of(keys);
                return broken;
            case AuthenticationType.SelfSigned:
                return TryReadThumbprints(members["x509Thumbprint"], out credentials);
            default:
                credentials = DeviceCredentials.OfAuthority;
                return null;
        }
    }

    private static string? TryReadThumbprints(JsonNode? node, out DeviceCredentials credentials)
    {
        const string Rule = "authentication.x509Thumbprint needs primaryThumbprint, secondaryThumbprint or both, each 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.";
        credentials = null!;
        string first = (node as JsonObject)?["primaryThumbprint"]?.ToString() ?? "";
        string second = (node as JsonObject)?["secondaryThumbprint"]?.ToString() ?? "";
        bool isFirst = Thumbprints.TryRead(first, out string? primary);
        bool isSecond = Thumbprints.TryRead(second, out string? secondary);
        if ((first.Length > 0 && !isFirst) || (second.Length > 0 && !isSecond) || (!isFirst && !isSecond))
        {
            return Rule;
        }

        credentials = DeviceCredentials.Of(new Thumbprints(primary, secondary));
        return null;
    }
}
