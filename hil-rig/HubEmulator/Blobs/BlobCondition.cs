using Microsoft.AspNetCore.Http;

namespace HubEmulator.Blobs;

/// <summary>The headers <c>If-Match</c> and <c>If-None-Match</c>: one entity tag, or <c>*</c> for any.</summary>
internal readonly record struct BlobCondition(string? IfMatch, string? IfNoneMatch)
{
    public static BlobCondition Of(IHeaderDictionary headers) => new(Read(headers.IfMatch), Read(headers.IfNoneMatch));

    /// <summary>Checks before a write.</summary>
    /// <param name="existing">The blob as it is, or null.</param>
    /// <returns>Null when the write may go on.</returns>
    public BlobFailure? CheckWrite(StoredBlob? existing)
    {
        if (IfNoneMatch == "*" && existing is not null)
        {
            return BlobFailure.BlobExists;
        }

        return IsMet(existing) ? null : BlobFailure.ConditionNotMet;
    }

    /// <summary>Checks before a read of a blob that exists.</summary>
    public BlobFailure? CheckRead(StoredBlob existing)
    {
        if (IsMet(existing))
        {
            return null;
        }

        return IfMatch is null ? BlobFailure.NotModified : BlobFailure.ConditionNotMet;
    }

    private bool IsMet(StoredBlob? existing) =>
        (IfMatch is null || (existing is not null && (IfMatch == "*" || IfMatch == existing.ETag)))
        && (IfNoneMatch is null || existing is null || (IfNoneMatch != "*" && IfNoneMatch != existing.ETag));

    private static string? Read(string? header) => string.IsNullOrEmpty(header) ? null : header.Trim().Trim('"');
}
