using System.Text;
using System.Text.Json;

namespace Node.Sensors.Emulation;

/// <summary>Reads JSON into values that know their line and path. Comments and trailing commas are allowed, a name twice is not.</summary>
internal ref struct JsonPlaceReader
{
    private const int DeepestLevel = 16;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly BoardProblems _problems;
    private Utf8JsonReader _reader;
    private int _line = 1;
    private int _counted;

    private JsonPlaceReader(ReadOnlySpan<byte> bytes, BoardProblems problems)
    {
        _bytes = bytes;
        _problems = problems;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
            MaxDepth = DeepestLevel,
        });
    }

    /// <returns><see langword="null"/> when the text is no JSON; the problem is noted.</returns>
    public static JsonPlace? Read(ReadOnlySpan<byte> bytes, BoardProblems problems)
    {
        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        JsonPlaceReader reader = new(bytes.StartsWith(mark) ? bytes[mark.Length..] : bytes, problems);
        return reader.ReadAll();
    }

    private JsonPlace? ReadAll()
    {
        try
        {
            _reader.Read();
            JsonPlace root = Value("$");
            while (_reader.Read())
            {
            }

            return root;
        }
        catch (JsonException malformed)
        {
            string reason = malformed.Message.Split(" LineNumber:")[0];
            _problems.Add((int)(malformed.LineNumber ?? 0) + 1, "$", $"this is no JSON: {reason} Correct the syntax at this line.");
            return null;
        }
        catch (InvalidOperationException)
        {
            _problems.Add(_line, "$", "a text holds bytes that are no UTF-8; save the file as UTF-8.");
            return null;
        }
    }

    private JsonPlace Value(string path)
    {
        int line = Line();
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Members(new JsonPlace(JsonPlaceKind.Object, "", line, path));
            case JsonTokenType.StartArray:
                return Items(new JsonPlace(JsonPlaceKind.Array, "", line, path));
            case JsonTokenType.String:
                return new JsonPlace(JsonPlaceKind.Text, _reader.GetString() ?? "", line, path);
            case JsonTokenType.Number:
                return new JsonPlace(JsonPlaceKind.Number, Encoding.ASCII.GetString(_reader.ValueSpan), line, path);
            case JsonTokenType.True:
            case JsonTokenType.False:
                return new JsonPlace(JsonPlaceKind.Flag, _reader.TokenType == JsonTokenType.True ? "true" : "false", line, path);
            default:
                return new JsonPlace(JsonPlaceKind.Null, "null", line, path);
        }
    }

    private JsonPlace Members(JsonPlace place)
    {
        HashSet<string> names = [];
        while (_reader.Read() && _reader.TokenType == JsonTokenType.PropertyName)
        {
            int line = Line();
            string name = _reader.GetString() ?? "";
            string path = $"{place.Path}.{name}";
            if (!names.Add(name)) { _problems.Add(line, path, "stands here twice; leave one of them out."); }

            _reader.Read();
            place.Members.Add((name, Value(path)));
        }

        return place;
    }

    private JsonPlace Items(JsonPlace place)
    {
        while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray) { place.Items.Add(Value($"{place.Path}[{place.Items.Count}]")); }

        return place;
    }

    private int Line()
    {
        int start = (int)_reader.TokenStartIndex;
        _line += _bytes[_counted..start].Count((byte)'\n');
        _counted = start;
        return _line;
    }
}
