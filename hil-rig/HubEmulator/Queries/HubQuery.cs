namespace HubEmulator.Queries;

/// <summary>A query that has been read: <c>SELECT … FROM devices|devices.modules|devices.jobs [WHERE …] [GROUP BY …]</c>.</summary>
internal sealed record HubQuery
{
    public QuerySource Source { get; init; }

    /// <summary>What is selected; null for the asterisk, whole twins.</summary>
    public IReadOnlyList<QueryItem>? Items { get; init; }

    public QueryCondition Condition { get; init; } = _ => true;

    public IReadOnlyList<QueryPath> Groups { get; init; } = [];

    /// <summary>At most so many results, over all pages.</summary>
    public int Top { get; init; } = int.MaxValue;

    /// <summary>True when documents are counted or summed up, and not listed.</summary>
    public bool IsAggregate => Groups.Count > 0 || Items?.Any(item => item.Aggregate != QueryAggregate.None) == true;

    /// <summary>Reads a query over twins and jobs.</summary>
    /// <returns>Null and the query, or what is wrong with it and where.</returns>
    public static string? TryParse(string text, out HubQuery query) => TryParse(text, parser => parser.Read(), out query);

    /// <summary>Reads a query for whole things of one kind: <c>*</c>, or <c>SELECT * [FROM …] [WHERE …]</c>.</summary>
    /// <returns>Null and the query, or what is wrong with it and where.</returns>
    public static string? TryParseWhole(string text, out HubQuery query) => TryParse(text, parser => parser.ReadWhole(), out query);

    private static string? TryParse(string text, Func<QueryParser, HubQuery> read, out HubQuery query)
    {
        query = new HubQuery();
        try
        {
            query = read(new QueryParser(QueryLexer.Read(text)));
            return null;
        }
        catch (QueryException broken)
        {
            return broken.Message;
        }
    }
}
