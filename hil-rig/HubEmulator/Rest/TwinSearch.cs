using System.Text.Json.Nodes;
using HubEmulator.Identity;
using HubEmulator.Queries;

namespace HubEmulator.Rest;

/// <summary>The twins that a query over devices or modules means.</summary>
internal static class TwinSearch
{
    /// <summary>Identities and their documents in the order of the identities, found as they are asked for.</summary>
    /// <param name="registry">Where to look.</param>
    /// <param name="query">What to look for.</param>
    /// <param name="after">Only identities behind this one.</param>
    public static IEnumerable<(string Id, JsonObject Document)> Find(DeviceRegistry registry, HubQuery query, string after = "")
    {
        IEnumerable<Device> all = query.Source == QuerySource.Modules ? registry.All.Where(device => DeviceIds.ModuleOf(device.Id) is not null) : registry.Devices;
        foreach (Device device in all.Where(device => string.CompareOrdinal(device.Id, after) > 0).OrderBy(device => device.Id, StringComparer.Ordinal))
        {
            JsonObject document = TwinCalls.Describe(device);
            if (query.Condition(document))
            {
                yield return (device.Id, document);
            }
        }
    }
}
