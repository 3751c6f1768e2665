using System.Text;
using System.Xml;

namespace HilRig.Reports;

/// <summary>Makes any text legal inside XML and HTML documents.</summary>
internal static class XmlText
{
    /// <summary>Replaces what XML 1.0 cannot carry (control characters, lone surrogates) by U+FFFD.</summary>
    public static string Legal(string text)
    {
        var legal = new StringBuilder(text.Length);
        foreach (Rune rune in text.EnumerateRunes()) // a lone surrogate comes out as U+FFFD by itself
        {
            bool allowed = rune.Value > 0xFFFF || XmlConvert.IsXmlChar((char)rune.Value);
            legal.Append(allowed ? rune.ToString() : "\uFFFD");
        }
        return legal.ToString();
    }
}
