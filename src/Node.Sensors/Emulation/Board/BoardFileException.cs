namespace Node.Sensors.Emulation;

/// <summary>A board file that nothing can be built from. Each fault names line, field and remedy.</summary>
public sealed class BoardFileException : Exception
{
    /// <summary>Carries every fault that was found.</summary>
    public BoardFileException(IReadOnlyList<string> faults)
        : base(string.Join(Environment.NewLine, faults))
    {
        Faults = faults;
    }

    /// <summary>One text for each fault, in the order of the file: <c>file line 7 $.chips[0].bus: …</c></summary>
    public IReadOnlyList<string> Faults { get; }
}
