namespace HubEmulator.Queries;

/// <summary>What a query computes over many documents.</summary>
internal enum QueryAggregate
{
    /// <summary>Nothing: a value of each.</summary>
    None,

    /// <summary>How many documents.</summary>
    Count,

    /// <summary>The mean of the numbers.</summary>
    Avg,

    /// <summary>Their sum.</summary>
    Sum,

    /// <summary>The smallest number or text.</summary>
    Min,

    /// <summary>The largest.</summary>
    Max,
}
