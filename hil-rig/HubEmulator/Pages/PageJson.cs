using System.Text.Json.Serialization;

namespace HubEmulator.Pages;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, AllowDuplicateProperties = false, UseStringEnumConverter = true)]
[JsonSerializable(typeof(OverviewView))]
[JsonSerializable(typeof(DeviceView))]
[JsonSerializable(typeof(SecretView))]
[JsonSerializable(typeof(MethodView))]
[JsonSerializable(typeof(QueueView))]
[JsonSerializable(typeof(EndedView))]
[JsonSerializable(typeof(FaultView))]
[JsonSerializable(typeof(MethodForm))]
[JsonSerializable(typeof(MessageForm))]
[JsonSerializable(typeof(DeviceForm))]
internal sealed partial class PageJson : JsonSerializerContext;
