namespace Node.Host.Configuration;

/// <summary>
/// The variables under which balena's cloud-relay block and its provisioning function hand over an identity, so that a fleet that has them
/// needs no others: <c>AZURE_HUB_HOST</c>, <c>AZURE_CERT</c>, <c>AZURE_PRIVATE_KEY</c> (base64 of PEM) and <c>BALENA_DEVICE_UUID</c>.
/// </summary>
internal static class BalenaAliases
{
    public const string Source = "balena variables";

    /// <summary>The settings that they stand for; none without a hub. <paramref name="variable"/> gives an environment variable.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Read(Func<string, string?> variable)
    {
        if (string.IsNullOrWhiteSpace(variable("AZURE_HUB_HOST")))
        {
            yield break;
        }

        (string Variable, string Setting)[] aliases =
        [
            ("AZURE_HUB_HOST", "Node:Hub:HostName"), ("AZURE_CERT", "Node:Hub:Certificate"), ("AZURE_PRIVATE_KEY", "Node:Hub:CertificateKey"),
            ("BALENA_DEVICE_UUID", "Node:Hub:DeviceId"),
        ];
        foreach ((string name, string setting) in aliases)
        {
            if (variable(name) is { Length: > 0 } value)
            {
                yield return KeyValuePair.Create<string, string?>(setting, value);
            }
        }
    }
}
