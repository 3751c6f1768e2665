using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;
using Node.Sensors.Actuators;

namespace Node.Host.Actuation;

/// <summary>
/// What must be known after a crash of the actuators that need re-arming: which were moved and not made safe, and which wait to be armed.
/// A file that cannot be read counts as the worst. Written only when that changes, to spare the card. Any thread.
/// </summary>
internal sealed partial class ActuatorRecord
{
    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly string? _unreadable;
    private Dictionary<string, string> _noted = [];

    public ActuatorRecord(string file, ILogger logger)
    {
        _file = file;
        _logger = logger;
        try
        {
            Dictionary<string, string> kept = File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), ActuatorRecordJson.Default.DictionaryStringString) ?? throw new JsonException("it is null") : [];
            _noted = kept.ContainsValue(null!) ? throw new JsonException("a reason is null") : kept;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            _unreadable = $"the record of the last run cannot be read ({unreadable.Message})";
            LogUnreadable(logger, file, unreadable.Message);
        }
    }

    /// <summary>Why an actuator must be armed before it may be used; null when it need not.</summary>
    public string? WhyDisarmed(string name)
    {
        lock (_gate) { return _unreadable ?? _noted.GetValueOrDefault(name); }
    }

    /// <summary>Notes that an actuator is about to leave its fail-safe state.</summary>
    public bool TryNoteMove(string name, out string reason)
    {
        lock (_gate)
        {
            reason = "";
            return _noted.ContainsKey(name)
                || TryWrite(new Dictionary<string, string>(_noted) { [name] = "the node ended without a stop while it was in use" }, out reason);
        }
    }

    /// <summary>Takes over how the actuators stand now.</summary>
    public void Keep(IReadOnlyList<ActuatorChannel> channels)
    {
        var standing = new Dictionary<string, string>();
        foreach (ActuatorChannel channel in channels.Where(channel => channel.Options.NeedsRearming))
        {
            OutputStatus status = channel.Status;
            if (status.Disarmed is { } disarmed)
            {
                standing[channel.Name] = disarmed;
            }
            else if (status.Target != status.FailSafeLevel)
            {
                standing[channel.Name] = "the node ended without a stop while it was in use";
            }
        }

        lock (_gate)
        {
            if (!standing.OrderBy(each => each.Key, StringComparer.Ordinal).SequenceEqual(_noted.OrderBy(each => each.Key, StringComparer.Ordinal))
                && !TryWrite(standing, out string reason))
            {
                LogNotWritten(_logger, _file, reason);
            }
        }
    }

    private bool TryWrite(Dictionary<string, string> noted, out string reason)
    {
        try
        {
            DurableFile.Replace(_file, JsonSerializer.Serialize(noted, ActuatorRecordJson.Default.DictionaryStringString));
            _noted = noted;
            reason = "";
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            reason = refused.Message;
            return false;
        }
    }

    [LoggerMessage(EventId = 403, Level = LogLevel.Warning, Message = "{File} cannot be read, so every actuator that needs re-arming waits for it: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 404, Level = LogLevel.Error, Message = "{File} cannot be written; after a crash more actuators may wait to be armed: {Reason}")]
    private static partial void LogNotWritten(ILogger logger, string file, string reason);
}

[JsonSerializable(typeof(Dictionary<string, string>))]
internal sealed partial class ActuatorRecordJson : JsonSerializerContext;
