using System.Xml;

namespace HubEmulator.Blobs;

/// <summary>Where a block list looks for a block.</summary>
internal enum BlockPlace
{
    /// <summary>Among the stored blocks, then among those of the blob.</summary>
    Latest,

    /// <summary>Among the stored blocks only.</summary>
    Uncommitted,

    /// <summary>Among the blocks of the blob only.</summary>
    Committed,
}

/// <summary>An entry of a block list.</summary>
internal readonly record struct BlockReference(string Id, BlockPlace Place)
{
    private static readonly XmlReaderSettings Strict = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreWhitespace = true,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = false,
    };

    /// <summary>Reads <c>&lt;BlockList&gt;&lt;Latest&gt;{id}&lt;/Latest&gt;…&lt;/BlockList&gt;</c>.</summary>
    /// <returns>False when it is not of that form, or longer than allowed.</returns>
    public static bool TryReadList(Stream xml, int most, out List<BlockReference> list)
    {
        list = [];
        try
        {
            using var reader = XmlReader.Create(xml, Strict);
            reader.MoveToContent();
            bool isEmpty = reader.IsEmptyElement;
            reader.ReadStartElement("BlockList");
            while (!isEmpty && reader.NodeType == XmlNodeType.Element)
            {
                if (!TryReadPlace(reader.LocalName, out BlockPlace place) || list.Count == most)
                {
                    return false;
                }

                list.Add(new BlockReference(reader.ReadElementContentAsString().Trim(), place));
            }

            return isEmpty || reader.NodeType == XmlNodeType.EndElement;
        }
        catch (XmlException)
        {
            return false;
        }
    }

    private static bool TryReadPlace(string name, out BlockPlace place)
    {
        place = name switch
        {
            "Uncommitted" => BlockPlace.Uncommitted,
            "Committed" => BlockPlace.Committed,
            _ => BlockPlace.Latest,
        };
        return name == place.ToString();
    }
}
