namespace HubEmulator.State;

/// <summary>What one commit has to write.</summary>
/// <param name="Everything">True writes all, whatever else is named.</param>
/// <param name="Parts">The parts of the hub to write, by name.</param>
/// <param name="Identities">The identities to write, or to delete where they are gone.</param>
internal sealed record ChangeSet(bool Everything, IReadOnlyCollection<string> Parts, IReadOnlyCollection<string> Identities);

/// <summary>What has changed since the last commit, and who waits for the next. Safe for any number of threads; one writer takes.</summary>
internal sealed class PendingChanges
{
    private readonly Lock _guard = new();
    private HashSet<string> _identities = new(StringComparer.Ordinal);
    private bool _everything;
    private HashSet<string> _parts = new(StringComparer.Ordinal);
    private TaskCompletionSource _saved = New(); // completed by the commit of what is pending now
    private TaskCompletionSource _changed = New();
    private TaskCompletionSource _urgent = New();
    private Task _underWay = Task.CompletedTask;

    /// <summary>Completes when there is something to write.</summary>
    public Task WhenChanged
    {
        get
        {
            lock (_guard)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Completes when somebody waits for what is pending.</summary>
    public Task WhenUrgent
    {
        get
        {
            lock (_guard)
            {
                return _urgent.Task;
            }
        }
    }

    public void MarkIdentity(string id) => Mark(() => _identities.Add(id));

    public void MarkPart(string name) => Mark(() => _parts.Add(name));

    public void MarkEverything() => Mark(() => _everything = true);

    /// <summary>Completes when all that was marked before is committed, or fails with it.</summary>
    public Task WhenSaved()
    {
        lock (_guard)
        {
            if (!HasChanges)
            {
                return _underWay;
            }

            _urgent.TrySetResult();
            return _saved.Task;
        }
    }

    /// <summary>Takes what is pending; whoever waits for it is told through <paramref name="saved"/>.</summary>
    public ChangeSet Take(out TaskCompletionSource saved)
    {
        lock (_guard)
        {
            var taken = new ChangeSet(_everything, _parts, _identities);
            saved = _saved;
            _underWay = saved.Task;
            (_identities, _parts, _everything) = (new HashSet<string>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal), false);
            (_saved, _changed, _urgent) = (New(), New(), New());
            return taken;
        }
    }

    private bool HasChanges => _everything || _parts.Count > 0 || _identities.Count > 0;

    private void Mark(Action mark)
    {
        lock (_guard)
        {
            mark();
            _changed.TrySetResult();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
