using System.Text.Json.Nodes;

namespace HubEmulator.Queries;

/// <summary>Reads a WHERE: OR binds least, then AND, then NOT; brackets may hold at most <see cref="MostDepth"/> of each other.</summary>
internal sealed class QueryConditionParser(QueryWords words)
{
    private const int MostDepth = 50;
    private static readonly string[] Comparisons = ["=", "!=", "<>", "<", "<=", ">", ">="];
    private int _depth;

    /// <exception cref="QueryException">It is not in the language.</exception>
    public QueryCondition Read() => ReadChain("OR", () => ReadChain("AND", ReadNot, (one, other) => document => one(document) && other(document)), (one, other) => document => one(document) || other(document));

    private static JsonValue? LiteralOf(QueryToken token, QueryWords words)
    {
        if (token.Kind == QueryTokenKind.Text)
        {
            return JsonValue.Create(token.Text);
        }

        if (token.Kind == QueryTokenKind.Number)
        {
            return JsonValue.Create(double.Parse(token.Text, System.Globalization.CultureInfo.InvariantCulture));
        }

        return token.Is("true") ? JsonValue.Create(true)
            : token.Is("false") ? JsonValue.Create(false)
            : token.Is("null") ? null
            : throw words.Unexpected("a value ('text', number, true, false or null)");
    }

    private QueryCondition ReadChain(string word, Func<QueryCondition> read, Func<QueryCondition, QueryCondition, QueryCondition> join)
    {
        var parts = new List<QueryCondition>();
        do
        {
            parts.Add(read());
        }
        while (words.TryTake(word));

        // Joined as a balanced tree, so that a long chain does not become a deep one.
        while (parts.Count > 1)
        {
            parts = [.. parts.Chunk(2).Select(pair => pair.Length == 2 ? join(pair[0], pair[1]) : pair[0])];
        }

        return parts[0];
    }

    private QueryCondition ReadNot()
    {
        bool isNegated = false;
        while (words.TryTake("NOT"))
        {
            isNegated = !isNegated;
        }

        QueryCondition inner = ReadOne();
        return isNegated ? document => !inner(document) : inner;
    }

    private QueryCondition ReadOne()
    {
        if (words.Current.Is("("))
        {
            return ReadBracket();
        }

        if (words.Current.Kind == QueryTokenKind.Name && words.Following.Is("("))
        {
            return ReadFunction();
        }

        QueryPath path = words.TakePath();
        bool isNegated = words.Current.Is("NIN") || (words.Current.Is("NOT") && words.Following.Is("IN"));
        if (isNegated || words.Current.Is("IN"))
        {
            return ReadMembership(path, isNegated);
        }

        if (!Comparisons.Contains(words.Current.Text) || words.Current.Kind != QueryTokenKind.Sign)
        {
            throw words.Unexpected("a comparison (= != <> < <= > >=), IN or NOT IN");
        }

        string sign = words.Take().Text;
        JsonNode? literal = LiteralOf(words.Current, words);
        words.Take();
        return document => path.TryFind(document, out JsonNode? value) && QueryComparison.Holds(value, sign, literal);
    }

    private QueryCondition ReadBracket()
    {
        int position = words.Take().Position;
        if (++_depth > MostDepth)
        {
            throw new QueryException(position, $"at most {MostDepth} brackets may hold each other.");
        }

        QueryCondition inner = Read();
        words.Demand(")");
        _depth--;
        return inner;
    }

    private QueryCondition ReadFunction()
    {
        QueryToken name = words.Take();
        if (!name.Is("IS_DEFINED"))
        {
            throw new QueryException(name.Position, $"the function '{name.Text}' is not served in queries of twins; IS_DEFINED is.");
        }

        words.Demand("(");
        QueryPath path = words.TakePath();
        words.Demand(")");
        return document => path.TryFind(document, out _);
    }

    private QueryCondition ReadMembership(QueryPath path, bool isNegated)
    {
        _ = words.TryTake("NIN") || words.TryTake("NOT");
        words.TryTake("IN");
        string end = words.TryTake("(") ? ")" : "]"; // the service's language has square brackets; round ones are SQL's
        if (end == "]")
        {
            words.Demand("[");
        }

        var members = new List<JsonNode?>();
        while (!words.Current.Is(end) || members.Count == 0)
        {
            if (members.Count > 0)
            {
                words.Demand(",");
            }

            members.Add(LiteralOf(words.Current, words));
            words.Take();
        }

        words.Demand(end);
        return document => path.TryFind(document, out JsonNode? value) && members.Exists(member => QueryComparison.Holds(value, "=", member)) != isNegated;
    }
}
