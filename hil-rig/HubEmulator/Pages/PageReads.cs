using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using HubEmulator.Faults;
using HubEmulator.Identity;
using HubEmulator.Rest;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Pages;

/// <summary>What the page asks for. Identities come in the query, because an id may hold characters that a path cannot.</summary>
internal sealed class PageReads(LocalHub hub, DeviceRegistry registry, FaultDesk faults)
{
    private const int MostDevices = 500;
    private const int MostItems = 200;
    private const int MostSearched = 10_000; // messages looked through for those of one device
    private const int LongestBody = 4096;

    private readonly string _run = Guid.NewGuid().ToString("n");

    /// <summary><c>GET /page/api/overview?filter={text}&amp;device={id}&amp;messages={sequence}&amp;events={sequence}</c>: what is new after the two numbers.</summary>
    public Task<PageAnswer> OverviewAsync(HttpContext context)
    {
        IQueryCollection query = context.Request.Query;
        string filter = query["filter"].ToString();
        string? device = query["device"].ToString() is { Length: > 0 } named ? named : null;
        List<Device> fitting = [.. registry.All.Where(one => one.Id.Contains(filter, StringComparison.OrdinalIgnoreCase))];
        var view = new OverviewView(
            _run,
            new HubView(
                hub.HostName, hub.MqttPort, hub.HttpsPort, hub.AmqpPort, hub.IdScope, hub.CaFile, hub.IsStopped, hub.Telemetry.Received, registry.All.Count(one => one.Session.IsConnected)),
            fitting.Count,
            [.. fitting.OrderBy(one => one.Id, StringComparer.Ordinal).Take(MostDevices).Select(RowOf)],
            [.. faults.List().Where(fault => fault.State != HubFaultState.Ended).Select(RowOf)],
            [.. NewMessages(device, NumberOf(query["messages"].ToString())).Select(ViewOf)],
            [.. hub.ConnectionEvents.After(NumberOf(query["events"].ToString()), HubEventLog.Capacity).Where(one => IsOf(device, one.DeviceId)).TakeLast(MostItems).Select(ViewOf)]);
        return Task.FromResult(PageAnswer.Ok(view, PageJson.Default.OverviewView));
    }

    /// <summary><c>GET /page/api/device?id={id}</c>.</summary>
    public Task<PageAnswer> DeviceAsync(HttpContext context) => Task.FromResult(
        registry.Find(context.Request.Query["id"].ToString()) is { } device
            ? PageAnswer.Ok(ViewOf(device), PageJson.Default.DeviceView)
            : PageAnswer.Refuse(StatusCodes.Status404NotFound, "The hub has no such device."));

    /// <summary>A device as the page shows it now.</summary>
    public static DeviceView ViewOf(Device device)
    {
        var twin = new JsonObject();
        DeviceCredentials credentials = device.Identity.Credentials;
        device.Twin.Describe(twin);
        (JsonObject desired, long desiredVersion) = SectionOf(twin, "desired");
        (JsonObject reported, long reportedVersion) = SectionOf(twin, "reported");
        return new DeviceView(
            device.Id, device.Session.IsConnected, device.Identity.Enabled, device.Identity.StatusReason, device.Session.ConnectionChanged, device.Session.ModelId,
            AuthenticationMembers.NameOf(credentials.Type), [.. new[] { credentials.Thumbprints.Primary, credentials.Thumbprints.Secondary }.OfType<string>()],
            device.Messages.Count, twin["etag"]!.GetValue<string>(), desiredVersion, desired, reportedVersion, reported, (JsonObject)twin["tags"]!.DeepClone());
    }

    private static (JsonObject Content, long Version) SectionOf(JsonObject twin, string name)
    {
        var section = (JsonObject)twin["properties"]![name]!.DeepClone();
        long version = section["$version"]!.GetValue<long>();
        section.Remove("$version");
        section.Remove("$metadata");
        return (section, version);
    }

    private IEnumerable<ReceivedTelemetry> NewMessages(string? device, long after)
    {
        long received = hub.Telemetry.Received;
        return device is null
            ? hub.Telemetry.After(Math.Max(after, received - MostItems), MostItems)
            : hub.Telemetry.After(Math.Max(after, received - MostSearched), MostSearched).Where(message => IsOf(device, IdentityOf(message))).TakeLast(MostItems);
    }

    /// <summary>A device's feed shows its modules too.</summary>
    private static bool IsOf(string? device, string identity) => device is null || identity == device || DeviceIds.DeviceOf(identity) == device;

    private static string IdentityOf(ReceivedTelemetry message) => DeviceIds.Join(message.DeviceId, message.ModuleId);

    private static FaultRow RowOf(HubFaultStatus fault) => new(
        fault.Id, FaultNames.Of(fault.Fault.Kind), fault.Fault.DeviceId, fault.State == HubFaultState.Active, fault.Begins, fault.Ends, fault.Strikes);

    private static DeviceRow RowOf(Device device) => new(device.Id, device.Session.IsConnected, device.Identity.Enabled, device.Messages.Count);

    private static MessageView ViewOf(ReceivedTelemetry message)
    {
        ReadOnlySpan<byte> shown = message.Body.Span[..Math.Min(message.Body.Length, LongestBody)];
        bool isCut = shown.Length < message.Body.Length;
        string? text = TextOf(shown, isCut);
        return new MessageView(
            message.SequenceNumber, IdentityOf(message), message.EnqueuedTime, message.Body.Length, text, text is null ? Convert.ToBase64String(shown) : null, isCut,
            message.SystemProperties.GetValueOrDefault("$.ct"), message.ApplicationProperties);
    }

    /// <returns>Null when the bytes are no UTF-8; a character that the cut went through does not count.</returns>
    private static string? TextOf(ReadOnlySpan<byte> body, bool isCut)
    {
        for (int lost = 0; lost < (isCut ? 4 : 1); lost++)
        {
            ReadOnlySpan<byte> whole = body[..^lost];
            if (System.Text.Unicode.Utf8.IsValid(whole))
            {
                return Encoding.UTF8.GetString(whole);
            }
        }

        return null;
    }

    private static EventView ViewOf(HubEvent one) => new(one.SequenceNumber, one.Time, HubEventKinds.Name(one.Kind), one.DeviceId, one.Detail);

    private static long NumberOf(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
}
