namespace Node.Host.Composition;

/// <summary>What makes the wall clock believable: setting <c>Node:ClockTrust</c>.</summary>
internal enum ClockTrust
{
    /// <summary><c>auto</c>: as <see cref="Ntp"/> on a board with a device tree, such as a Pi, which has no battery clock; as <see cref="Plausible"/> elsewhere.</summary>
    Auto,

    /// <summary><c>ntp</c>: the kernel says that a time service has set it, and it shows a time that can be.</summary>
    Ntp,

    /// <summary><c>plausible</c>: it shows a time that can be, because the board has a battery clock.</summary>
    Plausible,
}
