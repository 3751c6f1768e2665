using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace HubEmulator.Blobs;

/// <summary>The part of a blob that a read asks for: <c>x-ms-range</c>, or else <c>Range</c>, with one range of bytes.</summary>
internal readonly record struct BlobRange(long Offset, long Length, bool IsWhole)
{
    /// <summary>Anything but one range of bytes means the whole blob.</summary>
    /// <returns>Null when the range begins behind the blob's end.</returns>
    public static BlobRange? Of(IHeaderDictionary headers, long blobLength)
    {
        string text = headers["x-ms-range"].ToString() is { Length: > 0 } own ? own : headers.Range.ToString();
        if (!RangeHeaderValue.TryParse(text, out RangeHeaderValue? range) || range.Unit != "bytes" || range.Ranges.Count != 1)
        {
            return new BlobRange(0, blobLength, IsWhole: true);
        }

        RangeItemHeaderValue wanted = range.Ranges.First();
        long from = wanted.From ?? Math.Max(0, blobLength - wanted.To!.Value);
        long to = wanted.From is null ? blobLength - 1 : Math.Min(wanted.To ?? long.MaxValue, blobLength - 1);
        return from < blobLength ? new BlobRange(from, to - from + 1, IsWhole: false) : null;
    }
}
