namespace HubEmulator.Queries;

/// <summary>A word of a query.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">A text without its quotes, otherwise the word as it stands.</param>
/// <param name="Position">The place of its first character, from 1 on.</param>
/// <param name="Path">The parts of a name between its dots.</param>
internal readonly record struct QueryToken(QueryTokenKind Kind, string Text, int Position, IReadOnlyList<string> Path)
{
    /// <summary>Keywords have no case.</summary>
    public bool Is(string word) => Kind is QueryTokenKind.Name or QueryTokenKind.Sign && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public string Describe() => Kind == QueryTokenKind.End ? "the end of the query" : $"'{Text}'";
}
