using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using HubEmulator.Blobs;

namespace HubEmulator.State;

/// <summary>Writes <c>hub.json</c>: everything that another program needs to talk to this hub, as a device or as a service.</summary>
internal static class HubFile
{
    public const string FileName = "hub.json";

    /// <summary>People copy keys out of this file, so a plus sign stays a plus sign.</summary>
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(DataFolder folder, LocalHub hub)
    {
        var devices = new JsonObject();
        foreach (string id in hub.DeviceIds)
        {
            devices[id] = hub.DeviceConnectionString(id);
        }

        var file = new JsonObject
        {
            ["hostName"] = hub.HostName,
            ["mqttPort"] = hub.MqttPort,
            ["httpsPort"] = hub.HttpsPort,
            ["amqpPort"] = hub.AmqpPort,
            ["page"] = hub.PageAddress.AbsoluteUri,
            ["caFile"] = hub.CaFile,
            ["serviceConnectionString"] = hub.ServiceConnectionString,
            ["eventHubConnectionString"] = hub.EventHubConnectionString,
            ["policies"] = new JsonObject(hub.PolicyConnectionStrings.Select(policy => KeyValuePair.Create(policy.Key, (JsonNode?)policy.Value))),
            ["storage"] = new JsonObject { ["account"] = BlobAccount.BuiltInName, ["key"] = hub.StorageKey },
            ["devices"] = devices,
            ["dps"] = new JsonObject { ["hostName"] = hub.HostName, ["mqttPort"] = hub.MqttPort, ["idScope"] = hub.IdScope },
        };
        folder.Write(FileName, Encoding.UTF8.GetBytes(file.ToJsonString(Indented) + "\n"), secret: true);
    }
}
