using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Node.Host.Configuration;

namespace Node.Host.Twin;

/// <summary>The desired values that were last accepted, kept in a file so that a restart without a network samples as last told.</summary>
internal sealed partial class LastGoodDesired
{
    private readonly string _file;
    private readonly ILogger _logger;
    private readonly JsonObject _values;
    private bool _changed;

    /// <summary>Reads the file; one that cannot be read is warned about and counts as empty.</summary>
    public LastGoodDesired(string file, ILogger logger)
    {
        _file = file;
        _logger = logger;
        _values = Load();
    }

    /// <summary>The kept values of a component, or of the root when its name is empty.</summary>
    public JsonObject ValuesOf(string component) => component.Length == 0 ? _values : _values[component] as JsonObject ?? [];

    /// <summary>Takes over values by property name; null forgets one.</summary>
    public void Keep(string component, Dictionary<string, JsonNode?> values)
    {
        JsonObject place = ValuesOf(component);
        foreach ((string property, JsonNode? value) in values)
        {
            _changed |= !JsonNode.DeepEquals(place[property], value);
            if (value is null)
            {
                place.Remove(property);
            }
            else
            {
                place[property] = value;
            }
        }

        if (component.Length > 0 && place.Count > 0 && place.Parent is null)
        {
            _values[component] = place;
        }
    }

    /// <summary>Replaces the file in one step when a value has changed; a failure is logged and costs only the memory over a restart.</summary>
    public void Save(long version)
    {
        if (!_changed)
        {
            return;
        }

        try
        {
            DurableFile.Replace(_file, new JsonObject { ["version"] = version, ["desired"] = _values.DeepClone() }.ToJsonString());
            _changed = false;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            LogUnwritable(_logger, _file, unwritable.Message);
        }
    }

    private JsonObject Load()
    {
        try
        {
            JsonNode? kept = File.Exists(_file) ? StrictJson.Parse(File.ReadAllBytes(_file)) : null;
            return (kept as JsonObject)?["desired"] is JsonObject desired ? desired.DeepClone().AsObject() : [];
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_logger, _file, unreadable.Message);
            return [];
        }
    }

    [LoggerMessage(EventId = 310, Level = LogLevel.Warning,
        Message = "The last good desired properties in {File} cannot be read ({Reason}); the configured values apply until the hub is reached")]
    private static partial void LogUnreadable(ILogger logger, string file, string reason);

    [LoggerMessage(EventId = 311, Level = LogLevel.Error,
        Message = "The desired properties cannot be kept in {File} ({Reason}); they are in force but a restart without the hub forgets them")]
    private static partial void LogUnwritable(ILogger logger, string file, string reason);
}
