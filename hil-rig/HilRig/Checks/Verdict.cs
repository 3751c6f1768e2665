namespace HilRig.Checks;

/// <summary>What a check found, with the figures it judged by.</summary>
internal sealed record Verdict(VerdictKind Kind, string Text)
{
    public static Verdict Pass(string text) => new(VerdictKind.Pass, text);

    public static Verdict Fail(string text) => new(VerdictKind.Fail, text);

    public static Verdict Inconclusive(string text) => new(VerdictKind.Inconclusive, text);

    public static Verdict Of(bool passed, string text) => new(passed ? VerdictKind.Pass : VerdictKind.Fail, text);
}
