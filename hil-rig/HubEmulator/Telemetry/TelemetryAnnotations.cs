using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace HubEmulator.Telemetry;

/// <summary>What the hub adds to a message for its readers: what the connection gives, which all its messages share, and what is the message's own.</summary>
/// <param name="ofConnection">What all messages of the connection have.</param>
/// <param name="enqueued">When the hub took the message in.</param>
/// <param name="component">The Plug and Play component that it is of, or null.</param>
internal sealed class TelemetryAnnotations(IReadOnlyDictionary<string, string> ofConnection, DateTimeOffset enqueued, string? component) : IReadOnlyDictionary<string, string>
{
    private const string EnqueuedTime = "iothub-enqueuedtime";
    private const string Subject = "dt-subject";

    public int Count => ofConnection.Count + (component is null ? 1 : 2);

    public IEnumerable<string> Keys => this.Select(pair => pair.Key);

    public IEnumerable<string> Values => this.Select(pair => pair.Value);

    public string this[string key] => TryGetValue(key, out string? value) ? value : throw new KeyNotFoundException($"There is no annotation '{key}'.");

    public bool ContainsKey(string key) => TryGetValue(key, out _);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out string value)
    {
        value = key switch
        {
            EnqueuedTime => Times.Stamp(enqueued),
            Subject => component,
            _ => ofConnection.GetValueOrDefault(key),
        };
        return value is not null;
    }

    public IEnumerator<KeyValuePair<string, string>> GetEnumerator()
    {
        foreach (KeyValuePair<string, string> shared in ofConnection)
        {
            yield return shared;
        }

        yield return KeyValuePair.Create(EnqueuedTime, Times.Stamp(enqueued));
        if (component is not null)
        {
            yield return KeyValuePair.Create(Subject, component);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
