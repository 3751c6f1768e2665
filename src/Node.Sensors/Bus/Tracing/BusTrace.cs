using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Node.Sensors.Bus;

/// <summary>A recorded trace: what a program and its chips said to each other, in order.</summary>
public sealed class BusTrace
{
    /// <summary>The most entries that are read.</summary>
    public const int MaximumEntries = 5_000_000;

    private BusTrace(string name, string provider, IReadOnlyList<BusTraceEntry> entries, bool wasFull)
    {
        WasFull = wasFull;
        Name = name;
        Provider = provider;
        Entries = entries;
    }

    /// <summary>The file's name.</summary>
    public string Name { get; }

    /// <summary>Which provider's buses were recorded.</summary>
    public string Provider { get; }

    /// <summary>Whether the recording was full, so that what came after its last entry is missing.</summary>
    public bool WasFull { get; }

    /// <summary>Every entry in the order of the wire.</summary>
    public IReadOnlyList<BusTraceEntry> Entries { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">The content is no trace. The text names file, line and reason.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static BusTrace Load(string path)
    {
        using StreamReader reader = new(path);
        return Parse(reader, path);
    }

    /// <summary>Reads a trace from text; <paramref name="name"/> stands for the file in error texts. A torn last line, as a kill leaves it behind, is left out.</summary>
    /// <exception cref="InvalidDataException">The content is no trace. The text names the line and the reason.</exception>
    public static BusTrace Parse(TextReader reader, string name)
    {
        ArgumentNullException.ThrowIfNull(reader);
        int line = 1;
        bool wasFull = false;
        List<BusTraceEntry> entries = [];
        try
        {
            string provider = BusTraceFormat.ReadHeader(reader.ReadLine() ?? "");
            while (reader.ReadLine() is { } text)
            {
                line++;
                if (text.Length == 0 || (!text.EndsWith('}') && reader.Peek() < 0)) { continue; }

                if (BusTraceFormat.IsEnd(text))
                {
                    wasFull = true;
                    continue;
                }

                if (wasFull) { throw new FormatException("follows the line that says that the recording was full"); }

                if (entries.Count == MaximumEntries) { throw new FormatException($"is more than {MaximumEntries:N0} entries"); }

                entries.Add(BusTraceFormat.Read(text));
            }

            return new BusTrace(name, provider, entries, wasFull);
        }
        catch (FormatException wrong)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{name} line {line} {wrong.Message}. Record it anew, or leave the line out."), wrong);
        }
    }

    /// <summary>The SHA-256 of every entry, in lower-case hexadecimal: equal for equal conversations.</summary>
    /// <param name="withTime">Whether the instants count too. Default <see langword="true"/>, for virtual time.</param>
    public string Digest(bool withTime = true)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (BusTraceEntry entry in Entries) { hash.AppendData(Encoding.UTF8.GetBytes($"{BusTraceFormat.Line(entry, withTime)}\n")); }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
