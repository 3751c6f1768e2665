using Node.Host.Model;

namespace Node.Host.Configuration;

/// <summary>What a sensor or an actuator may be called so that it can be a Plug and Play component (DTDL v2, names).</summary>
internal static class ComponentName
{
    public const string DeviceInformation = "deviceInformation";

    private const int Longest = 64;

    /// <summary>What else stands at the root of twin and model, properties and commands: a component of the same name could not be told apart.</summary>
    private static readonly HashSet<string> Reserved =
    [
        DeviceInformation, .. PropertyTable.Node.Select(row => row.Name), .. CommandTable.NamesOfNode,
    ];

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= Longest
        && char.IsAsciiLetter(name[0])
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_')
        && !name.EndsWith('_')
        && !Reserved.Contains(name, StringComparer.OrdinalIgnoreCase);
}
