using HubEmulator.Queries;

namespace HubEmulator.Configurations;

/// <summary>A target condition as a query.</summary>
internal static class TargetQuery
{
    /// <summary>The text of the query; <c>null</c> for a condition that means nobody.</summary>
    public static string? Of(string condition) => condition.Trim() switch
    {
        "" => null,
        "*" => "SELECT deviceId FROM devices",
        string from when from.StartsWith("FROM ", StringComparison.OrdinalIgnoreCase) => $"SELECT deviceId, moduleId {from}",
        string where => $"SELECT deviceId FROM devices WHERE {where}",
    };

    /// <returns>Null and the query, or what is wrong with the condition; a condition that means nobody gives no query.</returns>
    public static string? TryRead(string condition, out HubQuery? query)
    {
        query = null;
        if (Of(condition) is not { } text)
        {
            return null;
        }

        string? broken = HubQuery.TryParse(text, out HubQuery read);
        query = read;
        return broken ?? (read.Source == QuerySource.Jobs || read.IsAggregate ? "A target condition is the WHERE of a query over devices or devices.modules." : null);
    }
}
