using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Rest;
using HubEmulator.Twins;
using Microsoft.Extensions.Logging;

namespace HubEmulator.Configurations;

/// <summary>
/// Keeps the twins as the configurations want them: all when a configuration changes, and each one that changes itself. One worker, in the background;
/// a device that changes again and again is looked at once for all of it. What a configuration has set stays when the configuration goes, as at the service.
/// </summary>
internal sealed partial class ConfigurationDesk(DeviceRegistry registry, TwinWriter twins, ILogger log) : IAsyncDisposable
{
    private readonly Lock _guard = new();
    private readonly SemaphoreSlim _signal = new(0, 1);
    private readonly CancellationTokenSource _stopping = new();
    private HashSet<string> _changed = new(StringComparer.Ordinal);
    private bool _everything;
    private Task _working = Task.CompletedTask;

    /// <summary>The configurations; who changes them says so with <see cref="Touch()"/>.</summary>
    public ConfigurationShelf Shelf { get; } = new();

    /// <summary>Raised when a configuration has changed, so that it can be made durable.</summary>
    public event Action? Changed;

    /// <summary>Puts back what was remembered.</summary>
    public void Restore(IEnumerable<Configuration> remembered)
    {
        foreach (Configuration configuration in remembered)
        {
            Shelf.TryAdd(configuration);
        }
    }

    /// <summary>Begins to work.</summary>
    public void Start()
    {
        _everything = true;
        _signal.Release();
        _working = WorkAsync();
    }

    /// <summary>Says that a configuration has changed.</summary>
    public void Touch()
    {
        Mark(() => _everything = true);
        Changed?.Invoke();
    }

    /// <summary>Says that something of one device or module has changed. Cheap; callable from anywhere.</summary>
    public void Touch(string identity)
    {
        if (Shelf.All.Count > 0)
        {
            Mark(() => _changed.Add(identity));
        }
    }

    public List<Configuration> ToRecord() => [.. Shelf.All.Select(one => one.Configuration)];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _working;
        _signal.Dispose();
        _stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configurations cannot be applied to {Identity}: {Reason}.")]
    private partial void LogNotApplied(string identity, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The configurations of {Identity} failed inside the hub.")]
    private partial void LogDefect(string identity, Exception cause);

    private void Mark(Action mark)
    {
        lock (_guard)
        {
            mark();
            if (_signal.CurrentCount == 0)
            {
                _signal.Release();
            }
        }
    }

    private async Task WorkAsync()
    {
        try
        {
            while (true)
            {
                await _signal.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                foreach (string identity in Take())
                {
                    _stopping.Token.ThrowIfCancellationRequested();
                    Apply(identity);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The hub ends; what was not looked at yet is looked at when it comes back.
        }
    }

    private IEnumerable<string> Take()
    {
        lock (_guard)
        {
            HashSet<string> taken = _changed;
            bool all = _everything;
            (_changed, _everything) = (new HashSet<string>(StringComparer.Ordinal), false);
            return all ? registry.All.Select(device => device.Id) : taken;
        }
    }

    private void Apply(string identity)
    {
        try
        {
            if (registry.Find(identity) is { } device)
            {
                Apply(device);
            }
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(identity, defect);
        }
    }

    private void Apply(Device device)
    {
        JsonObject twin = TwinCalls.Describe(device);
        ConfigurationPlan plan = ConfigurationPlan.Of(device.Id, twin, Shelf.All);
        TwinFailure failure = plan.Patch.Count == 0 ? TwinFailure.None : twins.Update(device, new TwinUpdate(null, plan.Patch), replace: false, twin["etag"]!.GetValue<string>());
        if (failure.Status == 412)
        {
            Touch(device.Id); // changed by somebody else meanwhile
            return;
        }

        if (failure.Status != 0)
        {
            LogNotApplied(device.Id, failure.Message);
        }

        device.Configurations = failure.Status == 0
            ? plan.Statuses
            : plan.Statuses.ToDictionary(pair => pair.Key, _ => ConfigurationPlan.Targeted, StringComparer.Ordinal);
    }
}
