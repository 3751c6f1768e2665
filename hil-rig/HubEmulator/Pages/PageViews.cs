using System.Text.Json.Nodes;

namespace HubEmulator.Pages;

/// <summary>What the page shows all the time: the hub, its devices, and what is new in both feeds.</summary>
/// <param name="Run">Differs between two starts of a hub, whose feeds then begin anew.</param>
/// <param name="Hub">The hub itself.</param>
/// <param name="DeviceCount">Devices and modules that fit the filter.</param>
/// <param name="Devices">The first of them, in the order of their ids.</param>
/// <param name="Faults">The faults in force or still to come.</param>
/// <param name="Messages">New telemetry, oldest first; the newest only where much is new.</param>
/// <param name="Events">New connections that came, went or were refused, oldest first.</param>
internal sealed record OverviewView(
    string Run, HubView Hub, int DeviceCount, IReadOnlyList<DeviceRow> Devices, IReadOnlyList<FaultRow> Faults,
    IReadOnlyList<MessageView> Messages, IReadOnlyList<EventView> Events);

/// <summary>Where the hub is. It holds no secret.</summary>
internal sealed record HubView(string HostName, int MqttPort, int HttpsPort, int AmqpPort, string IdScope, string CaFile, bool IsStopped, long Received, int Connected);

/// <summary>A device or module in the list.</summary>
internal sealed record DeviceRow(string Id, bool IsConnected, bool IsEnabled, int QueuedMessages);

/// <summary>A fault on demand that is in force or still to come; without a device it hits all.</summary>
internal sealed record FaultRow(long Id, string Kind, string? Device, bool IsActive, DateTimeOffset Begins, DateTimeOffset Ends, long Strikes);

/// <summary>All that the page shows of one device or module. It holds no secret.</summary>
internal sealed record DeviceView(
    string Id,
    bool IsConnected,
    bool IsEnabled,
    string? StatusReason,
    DateTimeOffset? ConnectionChanged,
    string? ModelId,
    string Authentication,
    IReadOnlyList<string> Thumbprints,
    int QueuedMessages,
    string TwinETag,
    long DesiredVersion,
    JsonObject Desired,
    long ReportedVersion,
    JsonObject Reported,
    JsonObject Tags);

/// <summary>A telemetry message: its body as text where it is text, else as base64, cut where it is long.</summary>
internal sealed record MessageView(
    long Sequence, string Device, DateTimeOffset Time, int Size, string? Text, string? Base64, bool IsCut, string? ContentType, IReadOnlyDictionary<string, string?> Properties);

/// <summary>A connection that came, went or was refused.</summary>
internal sealed record EventView(long Sequence, DateTimeOffset Time, string Kind, string Device, string Detail);

/// <summary>A connection string, shown because somebody pressed the button for it.</summary>
internal sealed record SecretView(string ConnectionString);

/// <summary>What a device answered to a direct method.</summary>
internal sealed record MethodView(int Status, JsonNode? Payload);

/// <summary>How many messages wait for a device.</summary>
internal sealed record QueueView(int QueuedMessages);

/// <summary>The fault that was ended.</summary>
internal sealed record EndedView(long Id);

/// <summary>Why a request was refused, for people.</summary>
internal sealed record FaultView(string Message);
