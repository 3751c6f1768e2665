using System.Security.Cryptography;

namespace Node.Host.Composition;

/// <summary>Which program this is and which of its runs.</summary>
/// <param name="BootId">12 hexadecimal digits, drawn anew at each start: the first part of every message id.</param>
/// <param name="Version">The assembly's version, such as <c>0.1.0</c>.</param>
internal sealed record NodeIdentity(string BootId, string Version)
{
    public static string ProgramVersion { get; } = typeof(NodeIdentity).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    public static NodeIdentity Draw() => new(RandomNumberGenerator.GetHexString(12, lowercase: true), ProgramVersion);
}
