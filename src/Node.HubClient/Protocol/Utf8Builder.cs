using System.Buffers;
using System.Text;

namespace Node.HubClient.Protocol;

/// <summary>
/// Gathers UTF-8 text on the stack, and in a rented array when it grows beyond: building a topic allocates nothing. Must be disposed.
/// </summary>
internal ref struct Utf8Builder(Span<byte> initial)
{
    private static readonly SearchValues<char> Bare = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!()*-._");

    private Span<byte> _buffer = initial;
    private byte[]? _rented;

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    /// <summary>The text so far.</summary>
    public readonly ReadOnlySpan<byte> Written => _buffer[..Length];

    /// <summary>Appends bytes as they are.</summary>
    public void Append(scoped ReadOnlySpan<byte> utf8)
    {
        Reserve(utf8.Length);
        utf8.CopyTo(_buffer[Length..]);
        Length += utf8.Length;
    }

    /// <summary>Appends text as UTF-8.</summary>
    public void Append(scoped ReadOnlySpan<char> text)
    {
        Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Length += Encoding.UTF8.GetBytes(text, _buffer[Length..]);
    }

    /// <summary>
    /// Appends text percent-encoded: RFC 3986 over UTF-8, with the reference's choice of hex digits (lower case) and of characters left
    /// bare (<c>A-Z a-z 0-9 ! ( ) * - . _</c>). A lone surrogate becomes the replacement character.
    /// </summary>
    public void AppendEncoded(scoped ReadOnlySpan<char> text)
    {
        int clean = text.IndexOfAnyExcept(Bare);
        if (clean >= 0)
        {
            AppendEscaped(text, clean); // Apart, so that the usual way has no loop and no scratch of its own.
            return;
        }

        Reserve(text.Length);
        Ascii.FromUtf16(text, _buffer[Length..], out _);
        Length += text.Length;
    }
    /// <summary>Returns what was rented.</summary>
    public void Dispose()
    {
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
            _rented = null;
        }
    }

    private void AppendEscaped(scoped ReadOnlySpan<char> text, int clean)
    {
        Span<byte> utf8 = stackalloc byte[4];
        while (clean >= 0)
        {
            Append(text[..clean]);
            Rune.DecodeFromUtf16(text[clean..], out Rune rune, out int consumed);
            foreach (byte value in utf8[..rune.EncodeToUtf8(utf8)])
            {
                Append([(byte)'%', HexDigit(value >> 4), HexDigit(value & 0xF)]);
            }

            text = text[(clean + consumed)..];
            clean = text.IndexOfAnyExcept(Bare);
        }

        Append(text);
    }

    private static byte HexDigit(int value) => (byte)(value < 10 ? '0' + value : 'a' + value - 10);

    private void Reserve(int more)
    {
        if (Length + more <= _buffer.Length)
        {
            return;
        }

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(_buffer.Length * 2, Length + more));
        Written.CopyTo(larger);
        Dispose();
        _rented = larger;
        _buffer = larger;
    }
}
