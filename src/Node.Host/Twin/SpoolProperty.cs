using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Spool;

namespace Node.Host.Twin;

/// <summary>
/// The property <c>spool</c>: <c>{"capacityBytes":…,"maxAge":…,"commitDelay":…,"dropPolicy":…}</c>. A patch names the members that change; one
/// that is absent or null has its configured value. A smaller capacity is in progress (202) until what is stored fits it.
/// </summary>
internal static class SpoolProperty
{
    public const string Name = "spool";

    private const string Capacity = "capacityBytes";
    private const string Age = "maxAge";
    private const string Delay = "commitDelay";
    private const string Policy = "dropPolicy";

    /// <summary>The drop policies as they are written.</summary>
    public static readonly IReadOnlyList<string> Policies = ["drop_old", "drop_new", "downsample"];

    public static WritableProperty Create(SpoolLimits configured, Spool.Spool spool)
    {
        SpoolLimits inForce = configured;
        return new WritableProperty(Name, () => Written(inForce), value =>
        {
            var faults = new List<string>();
            SpoolLimits limits = Read(value, configured, faults);
            return faults.Count > 0 ? Proposal.Refuse(string.Join("; ", faults)) : Proposal.Accept(Written(limits), () =>
            {
                spool.Apply(limits);
                inForce = limits;
            });
        })
        {
            IsMap = true,
            IsReached = () => spool.Statistics.Bytes <= inForce.CapacityBytes,
        };
    }

    private static JsonObject Written(SpoolLimits limits) => new()
    {
        [Capacity] = limits.CapacityBytes,
        [Age] = Duration.Format(limits.MaxAge),
        [Delay] = Duration.Format(limits.CommitDelay),
        [Policy] = Policies[(int)limits.DropPolicy],
    };

    private static SpoolLimits Read(JsonNode? value, SpoolLimits configured, List<string> faults)
    {
        if (value is not (null or JsonObject))
        {
            faults.Add($"{Name} {PropertyTypes.Quote(value)} is not allowed; allowed is a map such as {{\"maxAge\":\"P30D\"}}");
        }

        SpoolLimits limits = configured;
        foreach ((string member, JsonNode? wanted) in value as JsonObject ?? [])
        {
            limits = wanted is null ? limits : Member(member, wanted, limits, faults);
        }

        return limits;
    }

    private static SpoolLimits Member(string member, JsonNode wanted, SpoolLimits limits, List<string> faults)
    {
        switch (member)
        {
            case Capacity:
                long? bytes = PropertyTypes.WholeNumber(wanted);
                Check(bytes is >= SpoolLimits.LeastCapacityBytes and <= SpoolLimits.GreatestCapacityBytes, member, wanted,
                    $"a whole number from {SpoolLimits.LeastCapacityBytes} to {SpoolLimits.GreatestCapacityBytes}", faults);
                return limits with { CapacityBytes = bytes ?? 0 };
            case Age:
                return limits with { MaxAge = Period(member, wanted, SpoolLimits.GreatestAge, faults) };
            case Delay:
                return limits with { CommitDelay = Period(member, wanted, SpoolLimits.LongestCommitDelay, faults) };
            case Policy:
                int policy = wanted.GetValueKind() == JsonValueKind.String ? Policies.ToList().IndexOf(wanted.GetValue<string>()) : -1;
                Check(policy >= 0, member, wanted, string.Join(" or ", Policies), faults);
                return limits with { DropPolicy = (DropPolicy)Math.Max(policy, 0) };
            default:
                faults.Add($"{Name}: '{member}' is unknown; known are {Capacity}, {Age}, {Delay}, {Policy}");
                return limits;
        }
    }

    private static TimeSpan Period(string member, JsonNode wanted, TimeSpan longest, List<string> faults)
    {
        bool understood = PropertyTypes.TryReadPeriod(wanted, default, out TimeSpan period) && period <= longest;
        Check(understood, member, wanted, $"a duration from {Duration.Format(default)} to {Duration.Format(longest)}", faults);
        return period;
    }

    private static void Check(bool allowed, string member, JsonNode wanted, string range, List<string> faults)
    {
        if (!allowed)
        {
            faults.Add($"{Name}: {member} {PropertyTypes.Quote(wanted)} is not allowed; allowed is {range}");
        }
    }
}
