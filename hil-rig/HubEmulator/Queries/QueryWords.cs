namespace HubEmulator.Queries;

/// <summary>The words of a query, taken one after another.</summary>
internal sealed class QueryWords(IReadOnlyList<QueryToken> tokens)
{
    private int _next;

    public QueryToken Current => tokens[_next];

    /// <summary>The word after the current one.</summary>
    public QueryToken Following => tokens[Math.Min(_next + 1, tokens.Count - 1)];

    public QueryToken Take()
    {
        QueryToken taken = Current;
        _next = Math.Min(_next + 1, tokens.Count - 1);
        return taken;
    }

    /// <summary>Takes the current word when it is this one.</summary>
    public bool TryTake(string word)
    {
        bool isIt = Current.Is(word);
        if (isIt)
        {
            Take();
        }

        return isIt;
    }

    /// <exception cref="QueryException">The current word is another.</exception>
    public void Demand(string word)
    {
        if (!TryTake(word))
        {
            throw Unexpected($"'{word}'");
        }
    }

    /// <exception cref="QueryException">The current word is no name.</exception>
    public QueryPath TakePath()
    {
        if (Current.Kind != QueryTokenKind.Name)
        {
            throw Unexpected("a property, such as deviceId or tags.site,");
        }

        QueryToken name = Take();
        return new QueryPath(name.Text, WithoutSource(name.Path));
    }

    /// <summary>A path may begin with the name of what it is searched in: <c>devices.jobs.status</c>, <c>devices.tags.site</c>.</summary>
    private static IReadOnlyList<string> WithoutSource(IReadOnlyList<string> path)
    {
        int named = path.Count > 1 && path[0] == "devices" ? path.Count > 2 && path[1] is "jobs" or "modules" ? 2 : 1 : 0;
        return named == 0 ? path : [.. path.Skip(named)];
    }

    public QueryException Unexpected(string wanted) => new(Current.Position, $"{wanted} belongs here, not {Current.Describe()}.");
}
