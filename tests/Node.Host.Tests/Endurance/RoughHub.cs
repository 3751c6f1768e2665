using System.Collections;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Hub;
using Node.Host.Twin;
using Node.HubClient;

namespace Node.Host.Tests.Endurance;

/// <summary>
/// A hub that goes and comes. While it is there it stores what it is sent and confirms it in a later turn; when it goes, part of what is under
/// way has arrived without a confirmation, and the rest is gone. It keeps count of readings, and no reading itself.
/// </summary>
internal sealed class RoughHub(Random chance, int mostReadings) : IHubClient
{
    private readonly BitArray _arrived = new(mostReadings);
    private readonly BitArray _unconfirmed = new(mostReadings);
    private readonly Queue<(TelemetryMessage Message, SendConfirmationCallback Callback, object Context)> _messages = new();
    private readonly Queue<(byte[] Patch, ReportedStateCallback Callback, object Context)> _patches = new();
    private readonly Queue<Action> _happened = new();
    private ConnectionStatusCallback _connection = static (_, _) => { };
    private DeviceTwinCallback _twin = static (_, _, _) => { };

    public bool IsUp { get; private set; }

    /// <summary>What is desired, with its version.</summary>
    public JsonObject Desired { get; private set; } = new() { ["$version"] = 1 };

    /// <summary>What the node reports, as the hub has it.</summary>
    public JsonObject Reported { get; private set; } = new() { ["$version"] = 1 };

    /// <summary>Readings by component, each counted once.</summary>
    public Dictionary<string, int> Arrivals { get; } = new(StringComparer.Ordinal);

    /// <summary>Alarms, each counted once.</summary>
    public int Alarms { get; private set; }

    /// <summary>Readings that came again although the hub had confirmed them.</summary>
    public int Doubled { get; private set; }

    /// <summary>Readings that came again because their confirmation was lost.</summary>
    public int Repeated { get; private set; }

    public int Batches { get; private set; }

    public int Outages { get; private set; }

    public bool IsBusy => _messages.Count > 0;

    /// <summary>The rough day makes its turns itself, so nobody sleeps here.</summary>
    public bool WaitForWork(TimeSpan atMost) => false;

    /// <summary>Whether a reading with this number has arrived.</summary>
    public bool Has(long sequence) => _arrived[(int)sequence];

    public void Come() => _happened.Enqueue(() =>
    {
        IsUp = true;
        _connection(new ConnectionStatusChange(ConnectionStatus.Authenticated, ConnectionStatusReason.Ok, "Connected.", 0, null), null);
        _twin(TwinUpdateState.Complete, Bytes(new JsonObject { ["desired"] = Desired.DeepClone(), ["reported"] = Reported.DeepClone() }), null);
    });

    public void Go() => _happened.Enqueue(() =>
    {
        IsUp = false;
        Outages++;
        while (_messages.TryDequeue(out (TelemetryMessage Message, SendConfirmationCallback Callback, object Context) lost))
        {
            if (chance.Next(2) == 0)
            {
                Store(lost.Message, confirmed: false);
            }

            lost.Callback(SendConfirmation.MessageTimeout, lost.Context);
        }

        while (_patches.TryDequeue(out (byte[] Patch, ReportedStateCallback Callback, object Context) lost))
        {
            lost.Callback(0, lost.Context);
        }

        _connection(new ConnectionStatusChange(ConnectionStatus.Unauthenticated, ConnectionStatusReason.NoNetwork, "The cable is out.", null, TimeSpan.FromSeconds(1)), null);
    });

    /// <summary>Somebody changes what is desired; the node learns of it at once, or when the hub is there again.</summary>
    public void Desire(JsonObject patch)
    {
        Desired = Merged(Desired, patch);
        int version = (int)Desired["$version"]! + 1;
        (Desired["$version"], patch["$version"]) = (version, version);
        if (IsUp)
        {
            _happened.Enqueue(() => _twin(TwinUpdateState.Partial, Bytes(patch), null));
        }
    }

    public WorkStatus DoWork()
    {
        while (_happened.TryDequeue(out Action? happened))
        {
            happened();
        }

        for (int most = chance.Next(_messages.Count + 1); most > 0; most--)
        {
            (TelemetryMessage message, SendConfirmationCallback callback, object context) = _messages.Dequeue();
            Store(message, confirmed: true);
            callback(SendConfirmation.Ok, context);
        }

        for (int most = _patches.Count; most > 0; most--)
        {
            (byte[] patch, ReportedStateCallback callback, object context) = _patches.Dequeue();
            Reported = Merged(Reported, JsonNode.Parse(patch)!.AsObject());
            callback(204, context);
        }

        return new WorkStatus(false, IsBusy, Timeout.InfiniteTimeSpan);
    }

    public IotHubClientResult SendEvent(TelemetryMessage message, SendConfirmationCallback callback, object context)
    {
        _messages.Enqueue((message, callback, context));
        return IotHubClientResult.Ok;
    }

    public IotHubClientResult SendReportedState(ReadOnlySpan<byte> reportedJson, ReportedStateCallback callback, object context)
    {
        _patches.Enqueue((reportedJson.ToArray(), callback, context));
        return IotHubClientResult.Ok;
    }

    public IotHubClientResult UploadToBlob(string blobName, ReadOnlyMemory<byte> data, UploadEnded ended) => IotHubClientResult.Error;

    public void Register(ConnectionStatusCallback connection, DeviceTwinCallback twin, MethodArrived methods) => (_connection, _twin) = (connection, twin);

    public void Dispose()
    {
    }

    /// <summary>Parsed anew: a value that was merged in keeps the whole text alive that it came from.</summary>
    private static JsonObject Merged(JsonObject target, JsonObject patch)
    {
        MergePatch.Apply(target, patch);
        return JsonNode.Parse(target.ToJsonString())!.AsObject();
    }

    private static byte[] Bytes(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());

    private void Store(TelemetryMessage message, bool confirmed)
    {
        foreach (long sequence in Sequences(message))
        {
            int index = (int)sequence;
            if (!_arrived[index])
            {
                _arrived[index] = true;
                Count(message);
            }
            else if (_unconfirmed[index])
            {
                Repeated++;
            }
            else
            {
                Doubled++;
            }

            _unconfirmed[index] = !confirmed;
        }
    }

    private void Count(TelemetryMessage message)
    {
        if (message.Properties.Any(property => property.Key == "alarm"))
        {
            Alarms++;
        }
        else
        {
            Arrivals[message.ComponentName!] = Arrivals.GetValueOrDefault(message.ComponentName!) + 1;
        }
    }

    private IEnumerable<long> Sequences(TelemetryMessage message)
    {
        if (message.Properties.All(property => property.Key != "batch"))
        {
            return [long.Parse(message.Properties.First(property => property.Key == "seq").Value!, System.Globalization.CultureInfo.InvariantCulture)];
        }

        Batches++;
        using var body = new MemoryStream(message.Body.ToArray());
        using Stream plain = message.ContentEncoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body;
        using JsonDocument batch = JsonDocument.Parse(plain);
        return [.. batch.RootElement.GetProperty("readings").EnumerateArray().Select(reading => reading.GetProperty("seq").GetInt64())];
    }
}
