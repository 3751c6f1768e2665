using System.Buffers.Text;

namespace Node.HubClient.Protocol;

/// <summary>Parameters behind the question mark of a topic: <c>$rid=7&amp;$version=12</c>, in any order.</summary>
internal static class TopicQuery
{
    /// <summary>Reads a parameter that is a whole number, 0 and above; false when it is absent or none.</summary>
    /// <param name="query">What follows the question mark.</param>
    /// <param name="name">Name and equal sign, such as <c>$rid=</c>.</param>
    /// <param name="value">The number.</param>
    public static bool TryNumber(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out long value)
    {
        foreach (Range range in query.Split((byte)'&'))
        {
            ReadOnlySpan<byte> parameter = query[range];
            if (parameter.StartsWith(name))
            {
                ReadOnlySpan<byte> digits = parameter[name.Length..];
                return Utf8Parser.TryParse(digits, out value, out int used) && used == digits.Length && value >= 0;
            }
        }

        value = 0;
        return false;
    }

    /// <summary>As <see cref="TryNumber(ReadOnlySpan{byte}, ReadOnlySpan{byte}, out long)"/>, for numbers up to 2,147,483,647.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> query, ReadOnlySpan<byte> name, out int value)
    {
        bool found = TryNumber(query, name, out long wide) && wide <= int.MaxValue;
        value = found ? (int)wide : 0;
        return found;
    }
}
