using System.Buffers.Text;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>What became of reading a head.</summary>
internal enum HeadOutcome
{
    /// <summary>Bytes are missing.</summary>
    Incomplete,

    /// <summary>The head is there whole.</summary>
    Complete,

    /// <summary>No HTTP/1.1 response, or one over the limit: more bytes cannot help.</summary>
    Malformed,
}

/// <summary>Status line and headers of an HTTP/1.1 response (RFC 9112 sections 4 and 5).</summary>
internal sealed class HttpResponseHead
{
    /// <summary>Largest head that is taken.</summary>
    public const int MaximumBytes = 16 * 1024;

    private readonly List<KeyValuePair<string, string>> _headers = [];

    private HttpResponseHead(int status) => Status = status;

    /// <summary>100 to 999.</summary>
    public int Status { get; }

    private static ReadOnlySpan<byte> End => "\r\n\r\n"u8;

    /// <summary>Reads the head at the start of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">What has arrived.</param>
    /// <param name="head">The head, when complete.</param>
    /// <param name="length">Bytes of the head, its empty line included, when complete.</param>
    public static HeadOutcome TryParse(ReadOnlySpan<byte> buffer, out HttpResponseHead? head, out int length)
    {
        head = null;
        length = 0;
        int end = buffer.IndexOf(End);
        if (end < 0 || end > MaximumBytes)
        {
            return buffer.Length > MaximumBytes ? HeadOutcome.Malformed : HeadOutcome.Incomplete;
        }

        ReadOnlySpan<byte> text = buffer[..end];
        int line = text.IndexOf("\r\n"u8);
        if (!TryStatus(line < 0 ? text : text[..line], out int status))
        {
            return HeadOutcome.Malformed;
        }

        var parsed = new HttpResponseHead(status);
        if (line >= 0 && !parsed.TryHeaders(text[(line + 2)..]))
        {
            return HeadOutcome.Malformed;
        }

        head = parsed;
        length = end + End.Length;
        return HeadOutcome.Complete;
    }

    /// <summary>The first value of a header, blanks trimmed; null when absent. Names compare without case.</summary>
    public string? Header(string name)
    {
        foreach ((string key, string value) in _headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        return null;
    }

    /// <summary>Whether a header's comma-separated list holds this word, without case.</summary>
    public bool Says(string name, string word)
    {
        foreach ((string key, string value) in _headers)
        {
            if (key.Equals(name, StringComparison.OrdinalIgnoreCase)
                && value.Split(',', StringSplitOptions.TrimEntries).Contains(word, StringComparer.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryStatus(ReadOnlySpan<byte> line, out int status)
    {
        status = 0;
        return line.Length >= 12 && line.StartsWith("HTTP/1."u8) && line[8] == ' '
            && Utf8Parser.TryParse(line.Slice(9, 3), out status, out int digits) && digits == 3 && status >= 100
            && (line.Length == 12 || line[12] == ' ');
    }

    private bool TryHeaders(ReadOnlySpan<byte> lines)
    {
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = end < 0 ? lines : lines[..end];
            lines = end < 0 ? [] : lines[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            if (colon <= 0)
            {
                return false;
            }

            _headers.Add(new(Encoding.Latin1.GetString(line[..colon]), Encoding.Latin1.GetString(line[(colon + 1)..]).Trim()));
        }

        return true;
    }
}
