namespace HubEmulator.Provisioning;

/// <summary>The form of id scopes, such as <c>0ne00AAAAAA</c>: letters and digits, which no host name with a dot or a port is.</summary>
internal static class IdScopes
{
    private const int MaximumLength = 32;

    public static bool AreValid(string scope) =>
        scope.Length is > 0 and <= MaximumLength && scope.All(char.IsAsciiLetterOrDigit) && !scope.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
