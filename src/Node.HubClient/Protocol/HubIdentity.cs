namespace Node.HubClient.Protocol;

/// <summary>Who connects: a device, or a module on it. Ids stand as they are in user name and topics, and escaped where a URL or token asks for it.</summary>
/// <param name="HostName">The hub's full name.</param>
/// <param name="DeviceId">1 to 128 characters.</param>
/// <param name="ModuleId">1 to 128 characters; null for the device itself.</param>
internal sealed record HubIdentity(string HostName, string DeviceId, string? ModuleId = null)
{
    /// <summary>The MQTT client id: <c>{device}</c> or <c>{device}/{module}</c>.</summary>
    public string ClientId => ModuleId is null ? DeviceId : $"{DeviceId}/{ModuleId}";

    /// <summary>Where its topics lie below <c>devices/</c>: <c>{device}</c> or <c>{device}/modules/{module}</c>.</summary>
    public string TopicPath => ModuleId is null ? DeviceId : $"{DeviceId}/modules/{ModuleId}";

    /// <summary>The resource of its tokens: <c>{host}/devices/{device}[/modules/{module}]</c>.</summary>
    public string TokenScope => ModuleId is null
        ? SasToken.DeviceScope(HostName, DeviceId)
        : $"{SasToken.DeviceScope(HostName, DeviceId)}/modules/{Uri.EscapeDataString(ModuleId)}";

    /// <summary>The MQTT user name. The host is always the hub's, also when a gateway is dialled.</summary>
    public string UserNameFor(string product, string? modelId) => UserName.Build(HostName, ClientId, product, modelId);

    /// <summary>Names it; holds no secret.</summary>
    public override string ToString() => $"{ClientId} at {HostName}";
}
