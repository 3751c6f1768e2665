using System.Globalization;
using System.Text;

namespace HubEmulator.Queries;

/// <summary>Cuts a query into words. Names may hold whatever is no blank, quote, bracket or sign; <c>tags['a b']</c> is a name as <c>tags.site</c> is, and so is <c>configurations.[[a b]].status</c>.</summary>
internal sealed class QueryLexer(string text)
{
    private const string NameEnds = "()[],=<>!'\".*";
    private int _place;

    /// <exception cref="QueryException">A text has no end, or a character has no place in a query.</exception>
    public static List<QueryToken> Read(string text)
    {
        var lexer = new QueryLexer(text);
        var tokens = new List<QueryToken>();
        do
        {
            tokens.Add(lexer.Next());
        }
        while (tokens[^1].Kind != QueryTokenKind.End);
        return tokens;
    }

    private char Current => _place < text.Length ? text[_place] : '\0';

    private QueryToken Next()
    {
        while (char.IsWhiteSpace(Current))
        {
            _place++;
        }

        int start = _place;
        if (_place >= text.Length)
        {
            return Token(QueryTokenKind.End, start, "");
        }

        if (Current is '\'' or '"')
        {
            return Token(QueryTokenKind.Text, start, ReadText());
        }

        if (char.IsAsciiDigit(Current) || (Current is '-' or '+' && _place + 1 < text.Length && char.IsAsciiDigit(text[_place + 1])))
        {
            return ReadNumber(start);
        }

        return IsInName(Current) ? ReadName(start) : ReadSign(start);
    }

    private static QueryToken Token(QueryTokenKind kind, int start, string word, List<string>? path = null) => new(kind, word, start + 1, path ?? []);

    private static bool IsInName(char letter) => letter != '\0' && !char.IsWhiteSpace(letter) && !NameEnds.Contains(letter, StringComparison.Ordinal);

    /// <summary>A quote inside a text is written twice or after a backslash.</summary>
    private string ReadText()
    {
        int start = _place;
        char quote = text[_place++];
        var content = new StringBuilder();
        while (_place < text.Length)
        {
            char letter = text[_place++];
            if (letter == '\\' && Current is ('\\' or '\'' or '"'))
            {
                content.Append(text[_place++]);
            }
            else if (letter == quote && Current == quote)
            {
                content.Append(quote);
                _place++;
            }
            else if (letter == quote)
            {
                return content.ToString();
            }
            else
            {
                content.Append(letter);
            }
        }

        throw new QueryException(start + 1, $"the text has no closing {quote}.");
    }

    private QueryToken ReadNumber(int start)
    {
        _place++;
        while (char.IsAsciiLetterOrDigit(Current) || Current == '.' || (Current is '-' or '+' && text[_place - 1] is ('e' or 'E')))
        {
            _place++;
        }

        string digits = text[start.._place];
        return double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? Token(QueryTokenKind.Number, start, digits)
            : throw new QueryException(start + 1, $"'{digits}' is no number.");
    }

    private QueryToken ReadName(int start)
    {
        var path = new List<string> { ReadPart() };
        while (true)
        {
            if (Current == '.' && _place + 1 < text.Length && IsInName(text[_place + 1]))
            {
                _place++;
                path.Add(ReadPart());
            }
            else if (text.AsSpan(_place).StartsWith(".[["))
            {
                path.Add(ReadDoubleBracket());
            }
            else if (Current == '[' && _place + 1 < text.Length && text[_place + 1] is ('\'' or '"'))
            {
                path.Add(ReadBracket());
            }
            else
            {
                return Token(QueryTokenKind.Name, start, text[start.._place], path);
            }
        }
    }

    private string ReadPart()
    {
        int start = _place;
        while (IsInName(Current))
        {
            _place++;
        }

        return text[start.._place];
    }

    private string ReadBracket()
    {
        _place++;
        string part = ReadText();
        return text.AsSpan(_place).StartsWith("]") ? Close() : throw new QueryException(_place + 1, "a ']' belongs here.");

        string Close()
        {
            _place++;
            return part;
        }
    }

    /// <summary>The name of a configuration: <c>configurations.[[name]].status</c>.</summary>
    private string ReadDoubleBracket()
    {
        const string Open = ".[[";
        const string Close = "]]";
        int start = _place + Open.Length;
        int end = text.IndexOf(Close, start, StringComparison.Ordinal);
        _place = end < 0 ? _place : end + Close.Length;
        return end > start ? text[start..end] : throw new QueryException(start + 1, "a name and ']]' belong here.");
    }

    private QueryToken ReadSign(int start)
    {
        string sign = text.AsSpan(_place) switch
        {
            ['!', '=', ..] or ['<', '>', ..] or ['<', '=', ..] or ['>', '=', ..] => text.Substring(_place, 2),
            ['=' or '<' or '>' or '(' or ')' or '[' or ']' or ',' or '*', ..] => text.Substring(_place, 1),
            _ => throw new QueryException(start + 1, $"'{Current}' has no meaning here."),
        };
        _place += sign.Length;
        return Token(QueryTokenKind.Sign, start, sign);
    }
}
