namespace Node.HubClient.Protocol;

/// <summary>
/// The MQTT user name: <c>{host}/{device}[/{module}]/?api-version={version}&amp;DeviceClientType={product}[&amp;model-id={model}]</c>.
/// Source: "Communicate with an IoT hub using the MQTT protocol", section on connecting directly.
/// </summary>
internal static class UserName
{
    /// <summary>The service's first version with Plug and Play; newer ones add nothing that a device needs.</summary>
    public const string ApiVersion = "2020-09-30";

    /// <summary>Builds the name. The host is always the hub's, also when a gateway is dialled.</summary>
    public static string Build(string hostName, string clientId, string product, string? modelId)
    {
        string name = $"{hostName}/{clientId}/?api-version={ApiVersion}&DeviceClientType={PercentEncoding.Encode(product)}";
        return modelId is null ? name : $"{name}&model-id={PercentEncoding.Encode(modelId)}";
    }
}
