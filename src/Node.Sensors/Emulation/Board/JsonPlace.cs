namespace Node.Sensors.Emulation;

/// <summary>A JSON value with the place where it stands.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A string's text, a number as it was written, <c>true</c>, <c>false</c> or <c>null</c>; empty for objects and arrays.</param>
/// <param name="Line">The line it begins in, from 1.</param>
/// <param name="Path">Such as <c>$.chips[0].bus</c>.</param>
internal sealed record JsonPlace(JsonPlaceKind Kind, string Text, int Line, string Path)
{
    /// <summary>The members of an object, in their order; each name once.</summary>
    public List<(string Name, JsonPlace Value)> Members { get; } = [];

    /// <summary>The elements of an array.</summary>
    public List<JsonPlace> Items { get; } = [];

    /// <summary>What it is, for an error text.</summary>
    public string Shown => Kind switch
    {
        JsonPlaceKind.Object => "an object",
        JsonPlaceKind.Array => "an array",
        JsonPlaceKind.Text => $"\"{Text}\"",
        _ => Text,
    };
}
