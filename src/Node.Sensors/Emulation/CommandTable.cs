namespace Node.Sensors.Emulation;

/// <summary>
/// A chip's commands as one table. A code may stand in it twice, with and without arguments: then the length of the write says which one
/// is meant.
/// </summary>
internal sealed class CommandTable
{
    private readonly Dictionary<(int Code, int ArgumentWords), Command> _commands = [];
    private readonly HashSet<(int Code, int ArgumentWords)> _used = [];

    public IReadOnlyList<CommandDescription> Descriptions =>
        [.. _commands.Values.Select(static command => command.Description).OrderBy(static one => one.Code).ThenBy(static one => one.ArgumentWords)];

    /// <param name="code">The code that is written.</param>
    /// <param name="name">What the datasheet calls it.</param>
    /// <param name="execute">Called with the argument words.</param>
    /// <param name="argumentWords">How many words must follow the code.</param>
    /// <param name="responseWords">How many words can be read afterwards.</param>
    /// <param name="whileMeasuring">Whether the chip obeys it while it measures by its own clock.</param>
    public void Add(int code, string name, Action<int[]> execute, int argumentWords = 0, int responseWords = 0, bool whileMeasuring = false) =>
        _commands.Add((code, argumentWords), new Command(new CommandDescription(code, name, argumentWords, responseWords, whileMeasuring), words =>
        {
            _used.Add((code, argumentWords));
            execute(words);
        }));

    /// <summary>Which commands were carried out so far.</summary>
    public ChipCoverage Cover(string chip) => new(chip, 0, 0, 0, 0, _commands.Count, _used.Count,
        [.. Descriptions.Where(one => !_used.Contains((one.Code, one.ArgumentWords))).Select(static one => one.Name).Distinct()]);

    /// <returns><see langword="null"/> when the chip knows no such command with so many arguments.</returns>
    public Command? Find(int code, int argumentWords) => _commands.GetValueOrDefault((code, argumentWords));

    public sealed record Command(CommandDescription Description, Action<int[]> Execute);
}
