using HubEmulator.Identity;
using HubEmulator.Queries;

namespace HubEmulator.Configurations;

/// <summary>The configurations, at most <see cref="MostConfigurations"/>, each with its condition ready to be asked.</summary>
internal sealed class ConfigurationShelf
{
    public const int MostConfigurations = 100;

    private readonly Lock _guard = new();
    private readonly SortedDictionary<string, (Configuration Configuration, HubQuery? Target)> _all = new(StringComparer.Ordinal);

    public IReadOnlyList<(Configuration Configuration, HubQuery? Target)> All
    {
        get
        {
            lock (_guard)
            {
                return [.. _all.Values];
            }
        }
    }

    public Configuration? Find(string id)
    {
        lock (_guard)
        {
            return _all.GetValueOrDefault(id).Configuration;
        }
    }

    /// <returns>False when the name is taken or there are too many.</returns>
    public bool TryAdd(Configuration configuration)
    {
        lock (_guard)
        {
            bool fits = _all.Count < MostConfigurations && !_all.ContainsKey(configuration.Id);
            if (fits)
            {
                Put(configuration);
            }

            return fits;
        }
    }

    /// <returns>False when it is gone or the entity tag is not its.</returns>
    public bool TryReplace(Configuration next, string? ifMatch)
    {
        lock (_guard)
        {
            bool fits = _all.TryGetValue(next.Id, out var old) && EntityTags.Meets(old.Configuration.ETag, ifMatch);
            if (fits)
            {
                Put(next with { Revision = old.Configuration.Revision + 1, Created = old.Configuration.Created });
            }

            return fits;
        }
    }

    /// <returns>False when it is gone or the entity tag is not its.</returns>
    public bool TryRemove(string id, string? ifMatch)
    {
        lock (_guard)
        {
            return _all.TryGetValue(id, out var old) && EntityTags.Meets(old.Configuration.ETag, ifMatch) && _all.Remove(id);
        }
    }

    private void Put(Configuration configuration)
    {
        TargetQuery.TryRead(configuration.TargetCondition, out HubQuery? target);
        _all[configuration.Id] = (configuration, target);
    }
}
