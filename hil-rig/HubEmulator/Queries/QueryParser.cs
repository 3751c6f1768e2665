using System.Globalization;

namespace HubEmulator.Queries;

/// <summary>Reads a query: SELECT, FROM, WHERE, GROUP BY, and nothing after.</summary>
internal sealed class QueryParser(IReadOnlyList<QueryToken> tokens)
{
    private static readonly string[] Keywords = ["SELECT", "FROM", "WHERE", "GROUP", "BY", "AND", "OR", "NOT", "IN", "NIN", "AS", "TOP"];

    private readonly QueryWords _words = new(tokens);

    /// <exception cref="QueryException">It is not in the language, or in a part of it that this hub does not serve.</exception>
    public HubQuery Read()
    {
        _words.Demand("SELECT");
        int top = ReadTop();
        List<QueryItem>? items = _words.TryTake("*") ? null : ReadList(() => ReadItem());
        _words.Demand("FROM");
        QuerySource source = ReadSource();
        QueryCondition condition = _words.TryTake("WHERE") ? new QueryConditionParser(_words).Read() : _ => true;
        var groups = new List<QueryPath>();
        if (_words.TryTake("GROUP"))
        {
            _words.Demand("BY");
            groups = ReadList(_words.TakePath);
        }

        DemandEnd();
        DemandGrouped(items, groups);
        return new HubQuery { Source = source, Items = items is null ? null : Named(items), Condition = condition, Groups = groups, Top = top };
    }

    /// <summary>Reads a query for whole things; which, its caller knows.</summary>
    /// <exception cref="QueryException">It is not of this form.</exception>
    public HubQuery ReadWhole()
    {
        if (_words.TryTake("SELECT"))
        {
            _words.Demand("*");
            if (_words.TryTake("FROM"))
            {
                _words.TakePath();
            }
        }
        else
        {
            _words.Demand("*");
        }

        QueryCondition condition = _words.TryTake("WHERE") ? new QueryConditionParser(_words).Read() : _ => true;
        DemandEnd();
        return new HubQuery { Condition = condition };
    }

    private void DemandEnd()
    {
        if (_words.Current.Kind != QueryTokenKind.End)
        {
            throw _words.Unexpected("the end of the query");
        }
    }

    private int ReadTop()
    {
        if (!_words.Current.Is("TOP") || _words.Following.Kind != QueryTokenKind.Number)
        {
            return int.MaxValue;
        }

        _words.Take();
        QueryToken number = _words.Take();
        return int.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out int top) && top > 0
            ? top
            : throw new QueryException(number.Position, "TOP takes a whole number from 1 on.");
    }

    private QuerySource ReadSource()
    {
        QueryToken word = _words.Current;
        QuerySource? source = word.Kind != QueryTokenKind.Name ? null : word.Text.ToUpperInvariant() switch
        {
            "DEVICES" => QuerySource.Devices,
            "DEVICES.MODULES" => QuerySource.Modules,
            "DEVICES.JOBS" => QuerySource.Jobs,
            _ => null,
        };
        if (source is null)
        {
            throw _words.Unexpected("devices, devices.modules or devices.jobs");
        }

        _words.Take();
        return source.Value;
    }

    private QueryItem ReadItem()
    {
        QueryToken first = _words.Current;
        if (Keywords.Contains(first.Text, StringComparer.OrdinalIgnoreCase) && first.Kind == QueryTokenKind.Name)
        {
            throw _words.Unexpected("a property");
        }

        QueryAggregate aggregate = first.Kind == QueryTokenKind.Name && _words.Following.Is("(") ? ReadFunction() : QueryAggregate.None;
        QueryPath? path = null;
        if (aggregate != QueryAggregate.None)
        {
            _words.Demand("(");
            path = aggregate == QueryAggregate.Count ? null : _words.TakePath();
            _words.Demand(")");
        }
        else
        {
            path = _words.TakePath();
        }

        string name = _words.TryTake("AS") ? _words.TakePath().Text : aggregate == QueryAggregate.None ? path!.Parts[^1] : "";
        return new QueryItem(aggregate, path, name, first.Position);
    }

    private QueryAggregate ReadFunction()
    {
        QueryToken name = _words.Take();
        return Enum.GetValues<QueryAggregate>().FirstOrDefault(one => one != QueryAggregate.None && one.ToString().Equals(name.Text, StringComparison.OrdinalIgnoreCase)) is var found
            && found != QueryAggregate.None
            ? found
            : throw new QueryException(name.Position, $"the function '{name.Text}' is not served here; COUNT, AVG, SUM, MIN and MAX are.");
    }

    private List<T> ReadList<T>(Func<T> read)
    {
        var list = new List<T>();
        do
        {
            list.Add(read());
        }
        while (_words.TryTake(","));
        return list;
    }

    /// <summary>Beside an aggregate, and with GROUP BY, a value of each document must be one that the documents of a group share.</summary>
    private static void DemandGrouped(List<QueryItem>? items, List<QueryPath> groups)
    {
        if (items is null && groups.Count > 0)
        {
            throw new QueryException(1, "with GROUP BY the query must name what it selects, not '*'.");
        }

        bool isAggregate = groups.Count > 0 || items?.Exists(item => item.Aggregate != QueryAggregate.None) == true;
        if (isAggregate && items!.Find(item => item.Aggregate == QueryAggregate.None && !groups.Exists(group => group.Text == item.Path!.Text)) is { } loose)
        {
            throw new QueryException(loose.Position, $"'{loose.Path!.Text}' must stand in GROUP BY too.");
        }
    }

    /// <summary>What has no name gets its number: <c>$1</c>.</summary>
    private static List<QueryItem> Named(List<QueryItem> items)
    {
        int unnamed = 0;
        return items.ConvertAll(item => item.Name.Length > 0 ? item : item with { Name = string.Create(CultureInfo.InvariantCulture, $"${++unnamed}") });
    }
}
