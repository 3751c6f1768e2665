namespace HubEmulator.Queries;

/// <summary>The kinds of words in a query.</summary>
internal enum QueryTokenKind
{
    /// <summary>A keyword, a name, or names with dots between: <c>tags.site</c>.</summary>
    Name,

    /// <summary>A text in single or double quotes.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>A comparison, a bracket, a comma or the asterisk.</summary>
    Sign,

    /// <summary>Behind the last word.</summary>
    End,
}
