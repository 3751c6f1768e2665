using System.Text;

namespace Node.Host.Spool;

/// <summary>The size at which a message counts towards the capacity.</summary>
internal static class RowSize
{
    /// <summary>
    /// Bytes beside component and body: cell pointer, cell and record header, the integer columns and the message's share of a page's
    /// unused end (SQLite file format, sections 1.6 and 2.1), rounded up.
    /// </summary>
    public const int OverheadBytes = 64;

    /// <summary>The size of a message that is yet to be stored.</summary>
    public static int Of(in SpoolEntry entry) => Of(Encoding.UTF8.GetByteCount(entry.Component), entry.Body.Length);

    /// <summary>The size of a stored message.</summary>
    public static int Of(int componentBytes, int bodyBytes) => componentBytes + bodyBytes + OverheadBytes;
}
