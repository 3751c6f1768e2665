using System.Text.Json.Nodes;
using HilRig.Service;

namespace HilRig.Cli;

/// <summary>Follows a hub's telemetry and events by asking twice a second for what came since; survives the hub's outages and restarts.</summary>
internal sealed class HubMonitor(ServiceClient service, MonitorText screen, TimeProvider clock)
{
    private const string Telemetry = "telemetry";
    private const string Events = "events";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly Dictionary<string, long> _seen = new() { [Telemetry] = 0, [Events] = 0 };
    private bool _isAway;

    /// <summary>Takes its place behind what is already there, of which it shows the newest.</summary>
    /// <exception cref="RigException">The hub cannot be reached, or refuses.</exception>
    public async Task BeginAsync(int last, CancellationToken cancellationToken)
    {
        JsonArray newest = await service.NewestAsync(Telemetry, Math.Max(last, 1), cancellationToken);
        if (last > 0)
        {
            Show(newest, []);
        }

        _seen[Telemetry] = LastOf(newest);
        _seen[Events] = LastOf(await service.NewestAsync(Events, 1, cancellationToken));
    }

    /// <summary>Shows what comes, until the token ends it.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            bool more = await TryAskAsync(cancellationToken);
            if (!more)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <returns>True when there may be more at once.</returns>
    private async Task<bool> TryAskAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_isAway)
            {
                await ComeBackAsync(cancellationToken);
            }

            JsonArray events = await TakeAsync(Events, cancellationToken);
            JsonArray messages = await TakeAsync(Telemetry, cancellationToken);
            Show(messages, events);
            return messages.Count + events.Count > 0;
        }
        catch (RigException fault) when (fault.Fault == RigFault.HubUnreachable)
        {
            if (!_isAway)
            {
                screen.Note("the hub does not answer; waiting for it");
            }

            _isAway = true;
            return false;
        }
    }

    /// <summary>A hub that was started anew counts from 1 again.</summary>
    private async Task ComeBackAsync(CancellationToken cancellationToken)
    {
        foreach (string feed in (string[])[Telemetry, Events])
        {
            long newest = LastOf(await service.NewestAsync(feed, 1, cancellationToken));
            _seen[feed] = newest < _seen[feed] ? 0 : _seen[feed];
        }

        _isAway = false;
        screen.Note("the hub answers again");
    }

    private async Task<JsonArray> TakeAsync(string feed, CancellationToken cancellationToken)
    {
        JsonArray items = await service.AfterAsync(feed, _seen[feed], cancellationToken);
        _seen[feed] = Math.Max(_seen[feed], LastOf(items));
        return items;
    }

    private void Show(JsonArray messages, JsonArray events)
    {
        foreach ((bool isTelemetry, JsonObject item) in InOrder(messages, events))
        {
            screen.Write(isTelemetry, item);
        }
    }

    /// <summary>Messages and events in the order of their times, which the hub writes so that texts sort as they do; an event comes before a message of the same instant.</summary>
    internal static IEnumerable<(bool IsTelemetry, JsonObject Item)> InOrder(JsonArray messages, JsonArray events) => events
        .OfType<JsonObject>().Select(item => (IsTelemetry: false, Item: item, Time: $"{item["time"]}"))
        .Concat(messages.OfType<JsonObject>().Select(item => (IsTelemetry: true, Item: item, Time: $"{item["enqueuedTime"]}")))
        .OrderBy(one => one.Time, StringComparer.Ordinal)
        .Select(one => (one.IsTelemetry, one.Item));

    private static long LastOf(JsonArray items) => items.Count == 0 ? 0 : items[^1]?["sequenceNumber"]?.GetValue<long>() ?? 0;
}
