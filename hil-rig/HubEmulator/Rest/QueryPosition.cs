using System.Globalization;
using System.Text;

namespace HubEmulator.Rest;

/// <summary>Where the next page of a query begins.</summary>
/// <param name="After">The last identity that was given; empty at the beginning.</param>
/// <param name="Given">How many results were given on all pages so far.</param>
internal readonly record struct QueryPosition(string After, int Given)
{
    /// <summary>The position as a token that belongs to one query and page size.</summary>
    public string Write(string stamp) => Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{stamp} {Given} {After}")));

    /// <summary>Reads a token; none is the beginning.</summary>
    /// <returns>False when it is none, or of another query.</returns>
    public static bool TryRead(string token, string stamp, out QueryPosition position)
    {
        position = new QueryPosition("", 0);
        if (token.Length == 0)
        {
            return true;
        }

        byte[] bytes = new byte[token.Length];
        if (!Convert.TryFromBase64String(token, bytes, out int length))
        {
            return false;
        }

        string[] parts = Encoding.UTF8.GetString(bytes, 0, length).Split(' ', 3);
        int given = 0;
        bool isOurs = parts.Length == 3 && parts[0] == stamp && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out given);
        position = isOurs ? new QueryPosition(parts[2], given) : position;
        return isOurs;
    }
}
