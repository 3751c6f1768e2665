namespace Node.Host.Doctor;

/// <summary>How a check came out; the later, the worse.</summary>
internal enum FindingKind
{
    Ok,
    Warning,
    Error,
}

/// <summary>What a check found.</summary>
/// <param name="Kind">How it came out.</param>
/// <param name="Text">What is so, without secrets.</param>
/// <param name="Remedy">What to do, exactly; null when nothing is to be done.</param>
internal sealed record Finding(FindingKind Kind, string Text, string? Remedy)
{
    public static Finding Ok(string text) => new(FindingKind.Ok, text, null);

    public static Finding Warning(string text, string remedy) => new(FindingKind.Warning, text, remedy);

    public static Finding Error(string text, string remedy) => new(FindingKind.Error, text, remedy);
}
