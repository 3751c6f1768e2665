using System.Text.Json;
using Node.Host.Actuation;
using Node.Host.Automation;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Twin;
using Node.Host.Upload;
using Node.Sensors.Actuators;
using Node.Sensors.Bus;

namespace Node.Host.Dashboard;

/// <summary>Gathers the status from the parts that own it. Any thread.</summary>
internal sealed class StatusSource(
    NodeIdentity identity, NodeOptions options, NodeClock clock, HubLink link, Spool.Spool spool, ReadingStore readings,
    NodeTwin twin, MethodRouter methods, SensorArray sensors, ActuatorBank actuators, UploadControl upload, LocalAutomation automation,
    FleetIdentity fleet, UpdateLock updates, HubLoop? loop = null, SharedBusProvider? buses = null)
{
    /// <summary>The status as UTF-8 JSON.</summary>
    public byte[] Json() => JsonSerializer.SerializeToUtf8Bytes(Report(), StatusJson.Default.StatusReport);

    public StatusReport Report()
    {
        HubLinkState hub = link.State;
        return new StatusReport(
            new NodePart(options.Hub.DeviceId, identity.BootId, identity.Version, Seconds(clock.Uptime)),
            new HubPart(hub.IsAuthenticated ? "authenticated" : "unauthenticated", hub.Reason, hub.Detail, hub.Since),
            Telemetry(),
            new TwinPart(twin.DesiredVersion, twin.AcknowledgedVersion),
            new MethodsPart(methods.Answered),
            hub.FirstConnect is { } connect ? Seconds(connect) : null,
            [.. sensors.Channels.Select(Sensor)],
            [.. actuators.Channels.Select(Actuator)],
            Buses(),
            Stored(),
            new ClockPart(clock.UtcNow, clock.IsTimeSynced, clock.IsPlausible),
            new PagePart(PageFiles.HasCharts, options.Http.Token is not null, options.DataFolder),
            Upload(),
            [.. automation.Sensors.SelectMany(alarms => alarms.States.Select(state => Alarm(alarms.Sensor, state.Key, state.Value)))],
            fleet.IsKnown ? new FleetPart(fleet.Name, fleet.Release, fleet.DeviceUuid, fleet.DeviceName, fleet.DeviceType, fleet.HostOs) : null,
            Lock());
    }

    private UpdateLockPart Lock()
    {
        (UpdateLockState state, TimeSpan? heldFor) = updates.Status;
        return new UpdateLockPart(state switch
        {
            UpdateLockState.None => "none",
            UpdateLockState.Held => "held",
            UpdateLockState.Expired => "expired",
            UpdateLockState.Refused => "refused",
            _ => "free",
        }, Seconds(heldFor));
    }

    /// <summary>Buses and devices. What a scan tried and found empty is no failure of its bus.</summary>
    private BusPart[] Buses()
    {
        IReadOnlyList<BusLoad> loads = buses?.Load.Read() ?? [];
        ILookup<string, BusLoad> empty = loads.Where(load => !IsSomething(load)).ToLookup(load => load.Bus);
        return [.. loads.Where(IsSomething).Select(load => load.Device.Length > 0 ? Bus(load)
            : Bus(load with { Transfers = load.Transfers - empty[load.Bus].Sum(each => each.Transfers), Failures = load.Failures - empty[load.Bus].Sum(each => each.Failures) }))];
    }

    /// <summary>Not an address that a scan tried and found empty.</summary>
    private bool IsSomething(BusLoad load) => load.Device.Length == 0 || load.Failures < load.Transfers
        || sensors.Channels.Any(sensor => sensor.Options.Address is { } address
            && load.Bus.EndsWith($"-{sensor.Options.Bus}", StringComparison.Ordinal) && load.Device.EndsWith($"{address:X2}", StringComparison.OrdinalIgnoreCase));

    private static BusPart Bus(BusLoad load) => new(
        load.Bus, load.Device.Length > 0 ? load.Device : null, load.Transfers, load.Failures, Math.Round(load.MillisecondsPerSecond, 3), Math.Round(load.Percent, 4),
        Math.Round(load.Busy.TotalSeconds, 3));

    private SpoolPart Stored()
    {
        SpoolStatistics stored = spool.Statistics;
        return new SpoolPart(
            stored.Depth, stored.UnsentCount, stored.Bytes, options.Spool.CapacityBytes, stored.AppendedTotal, stored.ConfirmedTotal, stored.DroppedByCapacity,
            stored.DroppedByAge, stored.DroppedByThinning, stored.Purged, stored.LostByCorruption, stored.Commits);
    }

    private UploadPart Upload() => new(
        UploadProperties.StateName(upload.Hold), upload.NextOpening, upload.Traffic.Today, upload.InForce.DailyBytes,
        upload.Traffic.MonthlyBytes is { } monthly ? UploadProperties.Megabytes(monthly) : null,
        upload.InForce.Window.Text, upload.InForce.BatchCount, upload.InForce.Gzip ? "gzip" : "none");

    private static AlarmPart Alarm(SensorChannel sensor, string id, AlarmState state)
    {
        Threshold? threshold = sensor.Setting.Thresholds.Thresholds.FirstOrDefault(candidate => candidate.Id == id); // Null while a change waits for the next reading.
        return new AlarmPart(
            sensor.Name, id, state.IsRaised ? "raised" : "normal", state.Since, state.Since is null ? null : state.Value, state.Drive,
            threshold?.Quantity, threshold?.Limit, threshold?.Drive?.Actuator);
    }

    private TelemetryPart Telemetry()
    {
        long durable = readings.Durable; // Before the spool's own count, so that it is never ahead of it.
        SpoolStatistics stored = spool.Statistics;
        TelemetrySender? sender = loop?.Telemetry;
        return new TelemetryPart(
            readings.Readings, durable, stored.LastDurableSequence, sender?.Sent ?? 0, sender?.Confirmed ?? 0, stored.Depth,
            stored.Dropped + (sender?.TooLarge ?? 0) + readings.Lost,
            stored.OldestSampledAt is { } oldest ? Seconds(clock.UtcNow - oldest) : null,
            sender?.FirstConfirmed is { } first ? Seconds(first) : null);
    }

    private static SensorPart Sensor(SensorChannel sensor)
    {
        SensorStatus status = sensor.Status;
        IReadOnlyList<JudgedValue> values = status.Reading?.Values ?? [];
        return new SensorPart(
            sensor.Name, sensor.Options.Chip, Duration.Format(sensor.Setting.Interval), sensor.Setting.Cron?.Text, sensor.Setting.Enabled,
            StateName.Of(status.State), status.Reason, status.ReadAt, QualityName.Of(status.Quality),
            values.Where(value => value.Shown is not null).ToDictionary(value => value.Quantity.Name, value => value.Shown!.Value),
            values.ToDictionary(value => value.Quantity.Name, value => value.ShownRaw),
            values.Where(value => value.Quality != Quality.Good).ToDictionary(value => value.Quantity.Name, value => QualityName.Of(value.Quality)),
            values.ToDictionary(value => value.Quantity.Name, value => value.Quantity.Unit),
            sensor.FilteredOut, sensor.Restarts);
    }

    private static ActuatorPart Actuator(ActuatorChannel actuator)
    {
        OutputStatus status = actuator.Status;
        return new ActuatorPart(
            actuator.Name, actuator.Options.Kind, status.IsOn is { } on ? OnOff.Text(on) : null, status.Level, status.FailSafeLevel, status.Cause,
            status.CommandedBy, Seconds(status.SinceCommand), Seconds(status.OnFor), Seconds(status.LeaseRemaining), status.Fault, status.Disarmed);
    }

    private static double? Seconds(TimeSpan? duration) => duration is { } length ? Seconds(length) : null;

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 3);
}
