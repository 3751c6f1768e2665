using System.Text.Json;
using HubEmulator.Configurations;
using HubEmulator.Identity;
using HubEmulator.Jobs;
using HubEmulator.Provisioning;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace HubEmulator.State;

/// <summary>
/// Keeps <c>hub.db</c> in step with policies, identities, twins, stored sessions, queues, enrolments, jobs and configurations: one writer, one transaction for all that
/// changed meanwhile. Changes are gathered for a moment, or written at once when somebody waits (<see cref="SavedAsync"/>), as whoever answers a
/// service does; so a hub that is killed has what it acknowledged to services. In a temporary folder nothing is kept.
/// </summary>
internal sealed partial class StateFile(DataFolder folder, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan RetryTime = TimeSpan.FromSeconds(5);

    private readonly PendingChanges _pending = new();
    private readonly CancellationTokenSource _stopping = new();
    private StateDatabase? _database;
    private DeviceRegistry? _registry;
    private readonly Dictionary<string, Func<string>> _parts = new(StringComparer.Ordinal);
    private HubFileKeeper? _hubFile;
    private Task _writing = Task.CompletedTask;

    /// <summary>The key of the built-in blob store, kept from <see cref="Start"/> on.</summary>
    public string? StorageKey { get; set; }

    /// <summary>Raised with every device or module of which something has changed.</summary>
    public event Action<string>? Touched;

    /// <summary>Says that something of one device or module has changed. Cheap; callable from anywhere.</summary>
    public void Touch(string identity)
    {
        _pending.MarkIdentity(identity);
        Touched?.Invoke(identity);
    }

    /// <summary>Says that anything may have changed, which costs a write of everything.</summary>
    public void Touch() => _pending.MarkEverything();

    /// <summary>Completes when every change so far will survive the end of the process.</summary>
    /// <exception cref="LocalHubException">It could not be saved.</exception>
    public Task SavedAsync(CancellationToken cancellationToken) => _pending.WhenSaved().WaitAsync(cancellationToken);

    /// <summary>Writes everything and the hub file at once, then what changes.</summary>
    /// <exception cref="LocalHubException">They cannot be written.</exception>
    public void Start(DeviceRegistry registry, IReadOnlyDictionary<string, AccessPolicy> policies, ProvisioningService provisioning, JobDesk jobs, ConfigurationDesk configurations, Action writeHubFile)
    {
        _registry = registry;
        _parts[StateParts.Hub] = () => JsonSerializer.Serialize(Capture(policies), HubRecordJson.Default.HubRecord);
        _parts[StateParts.Provisioning] = () => JsonSerializer.Serialize(provisioning.ToRecord(), HubRecordJson.Default.ProvisioningRecord);
        _parts[StateParts.Jobs] = () => JsonSerializer.Serialize(jobs.ToRecord(), HubRecordJson.Default.ListJobRecord);
        _parts[StateParts.Configurations] = () => JsonSerializer.Serialize(configurations.ToRecord(), HubRecordJson.Default.ListConfiguration);
        Touched += configurations.Touch;
        var hubFile = new HubFileKeeper(writeHubFile, clock, log);
        _hubFile = hubFile;
        _database = folder.IsTemporary ? null : StateDatabase.Open(folder);
        registry.Changed += identity =>
        {
            Touch(identity);
            hubFile.Touch();
        };
        provisioning.Book.Changed += () => _pending.MarkPart(StateParts.Provisioning);
        provisioning.Desk.Changed += () => _pending.MarkPart(StateParts.Provisioning);
        jobs.Changed += () => _pending.MarkPart(StateParts.Jobs);
        configurations.Changed += () => _pending.MarkPart(StateParts.Configurations);
        _pending.MarkEverything();
        Write();
        StateReader.ForgetFormer(folder);
        hubFile.Start();
        _writing = WriteWhenChangedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _writing;
        if (_registry is not null)
        {
            TryWrite();
        }

        await (_hubFile?.DisposeAsync() ?? ValueTask.CompletedTask);
        _database?.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The state of the hub could not be saved; it is tried again.")]
    private partial void LogNotSaved(Exception cause);

    private HubRecord Capture(IReadOnlyDictionary<string, AccessPolicy> policies) => new(
        HubRecord.CurrentVersion, policies.Values.ToDictionary(policy => policy.Name, policy => DeviceRecords.Keys(policy.Keys), StringComparer.Ordinal), [])
    {
        StorageKey = StorageKey,
    };

    private async Task WriteWhenChangedAsync()
    {
        try
        {
            while (true)
            {
                await _pending.WhenChanged.WaitAsync(_stopping.Token);
                await Task.WhenAny(Task.Delay(GatherTime, clock, _stopping.Token), _pending.WhenUrgent);
                _stopping.Token.ThrowIfCancellationRequested();
                if (!TryWrite())
                {
                    await Task.Delay(RetryTime, clock, _stopping.Token);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub is being disposed, which writes once more.
        }
    }

    private bool TryWrite()
    {
        try
        {
            Write();
            return true;
        }
        catch (LocalHubException failed)
        {
            LogNotSaved(failed);
            return false;
        }
    }

    private void Write()
    {
        ChangeSet changes = _pending.Take(out TaskCompletionSource saved);
        try
        {
            _database?.Commit(database => Write(database, changes));
            saved.SetResult();
        }
        catch (SqliteException failed)
        {
            LocalHubException told = DataFolder.Unusable(folder.PathOf(StateDatabase.FileName), failed);
            _pending.MarkEverything();
            saved.SetException(told);
            _ = saved.Task.Exception; // seen, even where nobody waits
            throw told;
        }
    }

    private void Write(StateDatabase database, ChangeSet changes)
    {
        if (changes.Everything)
        {
            database.DeleteIdentities();
        }

        foreach (string part in changes.Everything ? _parts.Keys : changes.Parts)
        {
            database.PutPart(part, _parts[part]());
        }

        foreach (string identity in changes.Everything ? _registry!.All.Select(device => device.Id) : changes.Identities)
        {
            if (_registry!.Find(identity) is { } device)
            {
                database.PutIdentity(identity, JsonSerializer.Serialize(DeviceRecords.ToRecord(device), HubRecordJson.Default.DeviceRecord));
            }
            else
            {
                database.DeleteIdentity(identity);
            }
        }
    }
}
