using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;

namespace Node.Host.Automation;

/// <summary>The raised alarms, kept in a file so that a restart does not tell them again. Written only when one changes. Any thread.</summary>
internal sealed partial class AlarmRecord
{
    public const string FileName = "alarms.json";

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly Dictionary<string, RaisedAlarm> _raised;

    /// <summary>Reads the file; one that cannot be read is warned about, and alarms are then told again.</summary>
    public AlarmRecord(string folder, ILogger logger)
    {
        _file = Path.Combine(folder, FileName);
        _logger = logger;
        _raised = Load();
    }

    /// <summary>The alarm of this threshold when it is raised and of the same definition; else null.</summary>
    public RaisedAlarm? Find(string sensor, Threshold threshold)
    {
        lock (_gate)
        {
            return _raised.TryGetValue(Key(sensor, threshold), out RaisedAlarm? raised) && raised.Definition == Definition(threshold) ? raised : null;
        }
    }

    /// <summary>Takes over how a threshold stands.</summary>
    public void Keep(string sensor, Threshold threshold, AlarmState state)
    {
        lock (_gate)
        {
            bool changed = !state.IsRaised
                ? _raised.Remove(Key(sensor, threshold))
                : !_raised.ContainsKey(Key(sensor, threshold));
            if (!changed)
            {
                return;
            }

            if (state.IsRaised)
            {
                _raised[Key(sensor, threshold)] = new RaisedAlarm(Definition(threshold), state.Since!.Value, state.Value);
            }

            Save();
        }
    }

    private static string Key(string sensor, Threshold threshold) => $"{sensor}.{threshold.Id}";

    private static string Definition(Threshold threshold) => ThresholdReader.Write(threshold).ToJsonString();

    private Dictionary<string, RaisedAlarm> Load()
    {
        try
        {
            Dictionary<string, RaisedAlarm> kept = File.Exists(_file) ? JsonSerializer.Deserialize(File.ReadAllBytes(_file), AlarmRecordJson.Default.DictionaryStringRaisedAlarm) ?? [] : [];
            return kept.ContainsValue(null!) ? throw new JsonException("an alarm is null") : kept;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            LogUnreadable(_logger, _file, unreadable.Message);
            return [];
        }
    }

    private void Save()
    {
        try
        {
            DurableFile.Replace(_file, JsonSerializer.Serialize(_raised, AlarmRecordJson.Default.DictionaryStringRaisedAlarm));
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            LogNotWritten(_logger, _file, refused.Message);
        }
    }

    [LoggerMessage(EventId = 450, Level = LogLevel.Warning, Message = "{File} cannot be read ({Reason}); alarms that are raised will be told again")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 451, Level = LogLevel.Error, Message = "{File} cannot be written ({Reason}); after a restart alarms may be told again")]
    private static partial void LogNotWritten(ILogger logger, string file, string reason);
}

/// <summary>A raised alarm as the file keeps it.</summary>
/// <param name="Definition">The threshold's canonical form: another one under the same id is another alarm.</param>
/// <param name="Since">Since when it is raised.</param>
/// <param name="Value">The value that raised it.</param>
internal sealed record RaisedAlarm(string Definition, DateTimeOffset Since, double Value);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Dictionary<string, RaisedAlarm>))]
internal sealed partial class AlarmRecordJson : JsonSerializerContext;
