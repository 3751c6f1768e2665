namespace HilRig.Up;

/// <summary>Shows the newest state in place on a terminal, and as a line every five seconds anywhere else.</summary>
internal sealed class LiveLine(TextWriter output, bool isTerminal, TimeProvider clock)
{
    private static readonly TimeSpan QuietPeriod = TimeSpan.FromSeconds(5);
    private long? _lastWritten;
    private bool _open;

    public void Show(string text)
    {
        if (isTerminal)
        {
            int width = Math.Max(20, TerminalWidth() - 1);
            output.Write($"\r\u001b[K{(text.Length > width ? text[..width] : text)}");
            _open = true;
        }
        else if (_lastWritten is not { } last || clock.GetElapsedTime(last) >= QuietPeriod)
        {
            _lastWritten = clock.GetTimestamp();
            output.WriteLine(text);
        }
    }

    /// <summary>Writes a line of its own, below the live one.</summary>
    public void Tell(string text)
    {
        if (_open)
        {
            output.WriteLine();
            _open = false;
        }
        output.WriteLine(text);
    }

    private static int TerminalWidth()
    {
        try
        {
            return Console.WindowWidth > 0 ? Console.WindowWidth : 120;
        }
        catch (IOException)
        {
            return 120; // the terminal went away
        }
    }
}
