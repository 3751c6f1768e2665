namespace HilRig.Checks;

/// <summary>How a check ended.</summary>
internal enum VerdictKind
{
    Pass,
    Fail,

    /// <summary>The run gave nothing to judge by. It counts as not passed, and says why.</summary>
    Inconclusive,
}
