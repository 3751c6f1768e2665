using System.Security.Cryptography;
using System.Text;
using HubEmulator.Identity;
using HubEmulator.Telemetry;
using HubEmulator.Trust;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace HubEmulator.Mqtt;

/// <summary>Decides about a CONNECT. The service answers every refusal with return code 5; the reason is for the log only.</summary>
internal sealed class ConnectGate(HubHosts hosts, DeviceRegistry registry, DeviceVerifier verifier)
{
    /// <summary>Checks user name, client id, device, will, and token or certificate, in this order.</summary>
    /// <param name="connect">What came.</param>
    /// <param name="certificate">The client certificate of the connection, or null.</param>
    /// <param name="admission">The admitted device.</param>
    /// <returns>Null when admitted, otherwise why not.</returns>
    public string? Check(MqttConnectPacket connect, PresentedCertificate? certificate, out Admission admission)
    {
        admission = null!;
        if (!MqttUserName.TryParse(connect.Username, out MqttUserName userName))
        {
            return "the user name cannot be read";
        }

        if (!hosts.Contains(userName.Host))
        {
            return "the user name is for another hub";
        }

        string identity = DeviceIds.Join(userName.DeviceId, userName.ModuleId);
        if (!DeviceIds.AreValid(userName.DeviceId) || !DeviceIds.AreValid(userName.ModuleId ?? "none") || connect.ClientId != identity)
        {
            return "client id and user name name no device, or different ones";
        }

        if (registry.Find(identity) is not { } device)
        {
            return "the device is unknown";
        }

        if (!registry.IsEnabled(device))
        {
            return "the device is disabled";
        }

        if (connect.WillFlag && !IsWillAllowed(connect, device.Id))
        {
            return "the will is not telemetry of the device at QoS 0 or 1";
        }

        return Verify(connect, certificate, device, userName, out admission);
    }

    private static bool IsWillAllowed(MqttConnectPacket connect, string deviceId) =>
        connect.WillQoS != MqttQualityOfServiceLevel.ExactlyOnce
        && DeviceTopic.Parse(connect.WillTopic, deviceId).Kind == DeviceTopicKind.Events;

    private string? Verify(MqttConnectPacket connect, PresentedCertificate? certificate, Device device, MqttUserName userName, out Admission admission)
    {
        DeviceIdentity identity = device.Identity;
        byte[] token = connect.Password ?? []; // X.509 clients send none, or an empty one
        DeviceVerdict verdict = verifier.Verify(identity, Encoding.UTF8.GetString(token), certificate);
        admission = new Admission(
            device,
            new TelemetrySource(device.Id, identity.GenerationId, AuthMethods.Describe(identity, verdict.OfPolicy), userName.ModelId),
            verdict.Expires,
            userName.HasApiVersion,
            token.Length == 0 ? null : Convert.ToHexString(SHA256.HashData(token)));
        return verdict.Refusal;
    }
}
