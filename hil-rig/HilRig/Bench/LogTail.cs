namespace HilRig.Bench;

/// <summary>The last lines a process wrote; thread-safe, bounded in lines and in the length of each.</summary>
internal sealed class LogTail(int capacity)
{
    private const int LongestLine = 2000;
    private readonly Queue<string> _lines = new(capacity);

    public void Add(string line)
    {
        lock (_lines)
        {
            if (_lines.Count == capacity)
            {
                _lines.Dequeue();
            }
            _lines.Enqueue(line.Length > LongestLine ? line[..LongestLine] : line);
        }
    }

    public IReadOnlyList<string> Lines(int most)
    {
        lock (_lines)
        {
            return [.. _lines.TakeLast(most)];
        }
    }
}
