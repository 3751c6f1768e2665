namespace Node.Sensors.Emulation;

/// <summary>A single fault in the language of board files (<c>docs/board-file.md</c>), for a board that runs already.</summary>
public static class BoardFault
{
    /// <summary>Every kind by its name in the language.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. BoardFaultReader.Kinds.Select(static kind => kind.Name)];

    /// <summary>Reads a fault; its <c>at</c> counts from now.</summary>
    /// <param name="json">The object, UTF-8.</param>
    /// <param name="board">Where it shall act: it must have the chip that the fault names.</param>
    /// <returns>The fault, not yet in the board's plan.</returns>
    /// <exception cref="BoardFileException">This is no fault that the board can have. Each problem names field and remedy.</exception>
    public static BusFault Parse(ReadOnlySpan<byte> json, EmulatedBoard board)
    {
        ArgumentNullException.ThrowIfNull(board);
        BoardProblems problems = new("fault");
        JsonPlace? root = JsonPlaceReader.Read(json, problems);
        problems.ThrowIfAny();
        Dictionary<string, EmulatedChipCatalog.Entry> chips = board.Chips.ToDictionary(
            static chip => chip.Key, static chip => EmulatedChipCatalog.Find(chip.Value.Name), StringComparer.OrdinalIgnoreCase);
        BusFault[] faults = [.. new BoardFaultReader(problems, chips).Read([root!])];
        problems.ThrowIfAny();
        return faults[0] with { At = board.Elapsed + faults[0].At };
    }
}
