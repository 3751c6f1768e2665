using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace HubEmulator.Rest;

/// <summary>Which page of a list a request asks for: <c>x-ms-max-item-count</c> and <c>x-ms-continuation</c>.</summary>
/// <param name="Size">The most items of a page.</param>
/// <param name="Start">Where the page begins.</param>
/// <param name="Stamp">Ties a continuation to the list and the page size.</param>
/// <param name="IsOfCSharp">True when the official C# SDK asks.</param>
internal readonly record struct PageRequest(int Size, QueryPosition Start, string Stamp, bool IsOfCSharp)
{
    private const int DefaultSize = 100;
    private const int LargestSize = 1000;
    private const string Continuation = "x-ms-continuation";

    /// <param name="request">The request.</param>
    /// <param name="list">What is listed, such as the text of the query.</param>
    /// <param name="page">The page.</param>
    /// <returns>Null and the page, or what is wrong with the headers.</returns>
    public static string? TryRead(HttpRequest request, string list, out PageRequest page)
    {
        page = default;
        if (!TryReadSize(request.Headers["x-ms-max-item-count"].ToString(), out int size))
        {
            return $"x-ms-max-item-count must be a whole number from 1 on; pages have at most {LargestSize} items.";
        }

        string stamp = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{size}\n{list}")).AsSpan(0, 8));
        bool isOurs = QueryPosition.TryRead(request.Headers[Continuation].ToString(), stamp, out QueryPosition start);
        bool isOfCSharp = request.Headers["UserAgent"].ToString().StartsWith("Microsoft.Azure.Devices/", StringComparison.Ordinal); // it spells the header's name so
        page = new PageRequest(size, start, stamp, isOfCSharp);
        return isOurs ? null : $"{Continuation} is not of this query with this page size.";
    }

    /// <summary>The headers of an answer. The C# SDK knows the type by its capital letter only, while the others compare without case or not at all.</summary>
    /// <param name="itemType">What the items are, beginning with a small letter.</param>
    /// <param name="next">Where the next page begins; null on the last, because an empty header would count as more to come.</param>
    public Dictionary<string, string> Headers(string itemType, QueryPosition? next)
    {
        var headers = new Dictionary<string, string> { ["x-ms-item-type"] = IsOfCSharp ? $"{char.ToUpperInvariant(itemType[0])}{itemType[1..]}" : itemType };
        if (next is { } position)
        {
            headers[Continuation] = position.Write(Stamp);
        }

        return headers;
    }

    /// <summary>-1 asks for the default, as some SDKs write it.</summary>
    private static bool TryReadSize(string text, out int size)
    {
        size = DefaultSize;
        bool isGiven = text.Length > 0 && text != "-1";
        bool isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int wanted) && wanted > 0;
        size = isGiven && isNumber ? Math.Min(wanted, LargestSize) : size;
        return !isGiven || isNumber;
    }
}
