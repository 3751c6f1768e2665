using System.Text.Json;
using System.Threading.Channels;
using HubEmulator.Identity;
using HubEmulator.Mqtt;
using HubEmulator.Provisioning;
using HubEmulator.Twins;
using Microsoft.Extensions.Logging;

namespace HubEmulator.State;

/// <summary>
/// Keeps <c>state.json</c> in step with registry, policies, twins and stored sessions. Changes are gathered for a moment and written by one
/// writer, so a hub that is killed forgets at most what happened within <see cref="GatherTime"/>; one that is disposed forgets nothing.
/// </summary>
internal sealed partial class StateFile(DataFolder folder, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    public const string FileName = "state.json";
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(200);

    private readonly Channel<bool> _touched = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stopping = new();
    private Func<HubRecord>? _capture;
    private Action? _writeHubFile;
    private volatile bool _identitiesChanged;
    private Task _writing = Task.CompletedTask;

    /// <summary>The key of the built-in blob store, kept from <see cref="Start"/> on.</summary>
    public string? StorageKey { get; set; }

    /// <summary>Says that something worth remembering has changed. Cheap; callable from anywhere.</summary>
    public void Touch() => _touched.Writer.TryWrite(true);

    /// <returns>What was remembered, or null in a fresh folder.</returns>
    /// <exception cref="LocalHubException">The file cannot be read or is not of this version.</exception>
    public HubRecord? Load()
    {
        if (folder.TryReadText(FileName) is not { } text)
        {
            return null;
        }

        try
        {
            HubRecord record = JsonSerializer.Deserialize(text, HubRecordJson.Default.HubRecord) ?? throw new JsonException("It is empty.");
            return record.Version == HubRecord.CurrentVersion ? record : throw new JsonException($"It is of version {record.Version}, not {HubRecord.CurrentVersion}.");
        }
        catch (JsonException broken)
        {
            throw new LocalHubException(
                LocalHubFault.DataFolderUnusable,
                $"{folder.PathOf(FileName)}: {broken.Message} Delete the file to start with fresh keys and twins.",
                broken);
        }
    }

    /// <summary>Writes state and hub file at once, then the state whenever something changed and the hub file when identities did.</summary>
    /// <exception cref="LocalHubException">They cannot be written.</exception>
    public void Start(DeviceRegistry registry, IReadOnlyDictionary<string, AccessPolicy> policies, ProvisioningService provisioning, Action writeHubFile)
    {
        _capture = () => Capture(registry, policies) with { Provisioning = provisioning.ToRecord(), StorageKey = StorageKey };
        _writeHubFile = writeHubFile;
        _identitiesChanged = true;
        Write();
        registry.Changed += () =>
        {
            _identitiesChanged = true;
            Touch();
        };
        provisioning.Book.Changed += Touch;
        provisioning.Desk.Changed += Touch;
        _writing = WriteWhenTouchedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        if (_capture is not null)
        {
            TryWrite();
        }

        _stopping.Dispose();
    }

    public static Device ToDevice(DeviceRecord record) => new(
        new DeviceIdentity
        {
            Id = record.Id,
            GenerationId = record.GenerationId,
            Keys = new SymmetricKeys(record.Keys.Primary, record.Keys.Secondary),
            Enabled = record.Enabled,
            StatusReason = record.StatusReason,
            StatusUpdated = record.StatusUpdated,
            Revision = record.Revision,
        },
        Twin.FromRecord(record.Twin),
        DeviceSession.FromRecord(record.Subscriptions));

    private static HubRecord Capture(DeviceRegistry registry, IReadOnlyDictionary<string, AccessPolicy> policies) => new(
        HubRecord.CurrentVersion,
        policies.Values.ToDictionary(policy => policy.Name, policy => Keys(policy.Keys), StringComparer.Ordinal),
        [.. registry.All.Select(ToRecord)]);

    private static DeviceRecord ToRecord(Device device)
    {
        DeviceIdentity identity = device.Identity;
        return new DeviceRecord(
            identity.Id, identity.GenerationId, Keys(identity.Keys), identity.Enabled, identity.StatusReason, identity.StatusUpdated,
            identity.Revision, device.Twin.ToRecord(), device.Session.ToRecord())
        {
            Messages = device.Messages.ToRecord(),
        };
    }

    private static KeysRecord Keys(SymmetricKeys keys) => new(keys.Primary, keys.Secondary);

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of the hub could not be saved; the next change tries again.")]
    private partial void LogNotSaved(Exception cause);

    private async Task WriteWhenTouchedAsync()
    {
        try
        {
            while (true)
            {
                await _touched.Reader.ReadAsync(_stopping.Token);
                await Task.Delay(GatherTime, clock, _stopping.Token);
                TryWrite();
            }
        }
        catch (OperationCanceledException)
        {
            // The hub is being disposed, which writes once more.
        }
    }

    private void TryWrite()
    {
        try
        {
            Write();
        }
        catch (LocalHubException failed)
        {
            LogNotSaved(failed);
        }
    }

    private void Write()
    {
        bool identitiesChanged = _identitiesChanged;
        _identitiesChanged = false;
        folder.Write(FileName, JsonSerializer.SerializeToUtf8Bytes(_capture!(), HubRecordJson.Default.HubRecord), secret: true);
        if (identitiesChanged)
        {
            _writeHubFile!();
        }
    }
}
