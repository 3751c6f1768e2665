namespace HubEmulator.Identity;

/// <summary>How a sender proved who it is, as the annotation <c>iothub-connection-auth-method</c> of its telemetry tells it.</summary>
internal static class AuthMethods
{
    /// <param name="identity">The identity.</param>
    /// <param name="ofPolicy">True when a token of a policy opened it.</param>
    public static string Describe(DeviceIdentity identity, bool ofPolicy)
    {
        string scope = ofPolicy ? "hub" : DeviceIds.ModuleOf(identity.Id) is null ? "device" : "module";
        return identity.Credentials.Type == AuthenticationType.Sas
            ? $$"""{"scope":"{{scope}}","type":"sas","issuer":"iothub"}"""
            : $$"""{"scope":"{{scope}}","type":"x509","issuer":"external"}""";
    }
}
