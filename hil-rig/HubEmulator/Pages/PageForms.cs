using System.Text.Json;

namespace HubEmulator.Pages;

/// <summary>The method form; the payload is any JSON, and null where the form left it empty.</summary>
internal sealed record MethodForm(string? Name, JsonElement? Payload, int TimeoutSeconds = 30);

/// <summary>The message form. A property's value may be null.</summary>
internal sealed record MessageForm(string? Text, string? MessageId, string? ContentType, C2dAck? Ack, Dictionary<string, string?>? Properties);

/// <summary>The form for a new device.</summary>
internal sealed record DeviceForm(string? Id);
