using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace HubEmulator.Blobs;

/// <summary>The blob that a request is for: <c>/{container}/{blob}</c>, escaped once, the slashes of the blob's name too where a client likes.</summary>
internal static class BlobAddress
{
    private const int LongestName = 1024;

    /// <summary>Reads the name from the target as it came, because the server keeps <c>%2F</c> and has taken dots out of its own path.</summary>
    /// <returns>False when the target is no such path, or the name no name of a blob.</returns>
    public static bool TryRead(HttpContext context, string container, out string name)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        int end = target.IndexOf('?', StringComparison.Ordinal);
        string path = end < 0 ? target : target[..end];
        string prefix = $"/{container}/";
        bool isOurs = path.StartsWith(prefix, StringComparison.Ordinal);
        name = isOurs ? Uri.UnescapeDataString(path[prefix.Length..]) : "";
        return IsName(name);
    }

    /// <summary>1 to 1,024 characters, no control characters, no dot or slash at the end, no half of a surrogate pair.</summary>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= LongestName
        && name[^1] is not ('.' or '/')
        && !name.Any(char.IsControl)
        && System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(name)) == name;
}
