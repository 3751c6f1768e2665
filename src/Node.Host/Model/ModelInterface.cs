using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Node.Host.Model;

/// <summary>One interface of the model with its id, which follows from what it says: the same words, the same id, on every node.</summary>
/// <param name="Id">The digital twin model identifier, such as <c>dtmi:com:sensornode:BME280;412345678</c>.</param>
/// <param name="Json">The interface, its id included; not to be changed.</param>
internal sealed record ModelInterface(string Id, JsonObject Json)
{
    private const string Prefix = "dtmi:com:sensornode:";
    private const uint Versions = 999_999_999; // DTDL v2: a version has at most nine digits and is not 0.

    /// <summary>Gives an interface its id: the name, and as version a fingerprint of the content.</summary>
    /// <param name="name">Its name; what cannot stand in an identifier is left out.</param>
    /// <param name="content">The interface without an id.</param>
    /// <param name="isOneOfMany">Whether there may be so many versions that the version's nine digits alone could meet by chance.</param>
    public static ModelInterface Create(string name, JsonObject content, bool isOneOfMany = false)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(content.ToJsonString()));
        uint version = (uint)(1 + (BinaryPrimitives.ReadUInt64BigEndian(hash) % Versions));
        string letters = string.Concat(name.Where(char.IsAsciiLetterOrDigit));
        string many = isOneOfMany ? $"_{Convert.ToHexStringLower(hash.AsSpan(8, 4))}" : "";
        return WithId(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{letters}{many};{version}"), content);
    }

    /// <summary>An interface whose id is somebody else's.</summary>
    public static ModelInterface WithId(string id, JsonObject content)
    {
        var json = new JsonObject { ["@context"] = Dtdl.Context, ["@id"] = id };
        foreach ((string key, JsonNode? value) in content.Where(pair => pair.Key != "@context"))
        {
            json[key] = value?.DeepClone();
        }

        return new ModelInterface(id, json);
    }

    /// <summary>Where a model repository keeps it: <c>dtmi:com:x:Node;1</c> is <c>dtmi/com/x/node-1.json</c>, in lower case.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Globalization", "CA1308:Normalize strings to uppercase", Justification = "Repositories keep lower-case paths.")]
    public string RepositoryPath => Id.ToLowerInvariant().Replace(':', '/').Replace(';', '-') + ".json";
}
