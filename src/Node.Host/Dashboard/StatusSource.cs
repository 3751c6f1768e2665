using System.Text.Json;
using Node.Host.Actuation;
using Node.Host.Composition;
using Node.Host.Configuration;
using Node.Host.Hub;
using Node.Host.Methods;
using Node.Host.Sensing;
using Node.Host.Spool;
using Node.Host.Twin;
using Node.Sensors.Drivers;

namespace Node.Host.Dashboard;

/// <summary>Gathers the status from the parts that own it. Any thread.</summary>
internal sealed class StatusSource(
    NodeIdentity identity, NodeOptions options, NodeClock clock, HubLink link, Spool.Spool spool, ReadingStore readings,
    NodeTwin twin, MethodRouter methods, SensorArray sensors, ActuatorBank actuators, HubLoop? loop = null)
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
            [.. actuators.Channels.Select(actuator => new ActuatorPart(
                actuator.Name, actuator.Options.Kind, actuator.IsOn is { } on ? OnOff.Text(on) : null))]);
    }

    private TelemetryPart Telemetry()
    {
        SpoolStatistics stored = spool.Statistics;
        TelemetrySender? sender = loop?.Telemetry;
        return new TelemetryPart(
            readings.Readings, readings.Durable, stored.LastDurableSequence, sender?.Sent ?? 0, sender?.Confirmed ?? 0, stored.Depth,
            stored.Dropped + (sender?.TooLarge ?? 0) + readings.Lost,
            stored.OldestSampledAt is { } oldest ? Seconds(clock.UtcNow - oldest) : null,
            sender?.FirstConfirmed is { } first ? Seconds(first) : null);
    }

    private static SensorPart Sensor(SensorChannel sensor)
    {
        SensorStatus status = sensor.Status;
        IReadOnlyList<QuantityValue> values = status.Reading?.Values ?? [];
        return new SensorPart(
            sensor.Name, sensor.Options.Chip, Duration.Format(sensor.Setting.Interval), sensor.Setting.Enabled,
            StateName.Of(status.State), status.Reason, status.ReadAt,
            values.ToDictionary(value => value.Quantity.Name, ReadingBody.Rounded),
            values.ToDictionary(value => value.Quantity.Name, value => value.Quantity.Unit));
    }

    private static double Seconds(TimeSpan duration) => Math.Round(duration.TotalSeconds, 3);
}
