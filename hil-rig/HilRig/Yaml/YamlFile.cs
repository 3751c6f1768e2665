using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace HilRig.Yaml;

/// <summary>Loads one bounded YAML document: no anchors, no aliases, no tags that make types, no deep nesting.</summary>
internal static class YamlFile
{
    private const long MaximumBytes = 256 * 1024;
    private const int DeepestNesting = 20;

    /// <exception cref="RigException">The file cannot be read, or is not YAML with one mapping at its top; the text names file, line and column.</exception>
    public static YamlMap Read(string path, YamlFaults faults, string what)
    {
        string text = ReadText(path);
        try
        {
            Inspect(text, path);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents is [{ RootNode: YamlMappingNode root }]
                ? new YamlMap(root, path, faults, what)
                : throw new RigException(RigFault.UnusableInput, $"{path}:1:1: expected one YAML document that is a mapping, beginning for example 'name: …'");
        }
        catch (YamlException fault)
        {
            YamlPlace place = YamlPlace.Of(path, fault.Start);
            throw new RigException(RigFault.UnusableInput, $"{place}: {(fault.InnerException ?? fault).Message.ReplaceLineEndings(" ")}", fault);
        }
    }

    private static string ReadText(string path)
    {
        try
        {
            return new FileInfo(path).Length <= MaximumBytes
                ? File.ReadAllText(path)
                : throw new RigException(RigFault.UnusableInput, $"{path}: larger than {MaximumBytes / 1024} KiB; a scenario is a page of text");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RigException(RigFault.UnusableInput, $"{path}: cannot be read ({fault.Message})", fault);
        }
    }

    // Loading into nodes recurses, and aliases multiply: both are refused on the flat event stream before it begins.
    private static void Inspect(string text, string path)
    {
        var parser = new Parser(new StringReader(text));
        int depth = 0;
        while (parser.MoveNext())
        {
            ParsingEvent happened = parser.Current!;
            depth += happened.NestingIncrease;
            if (depth > DeepestNesting)
            {
                throw new RigException(RigFault.UnusableInput, $"{YamlPlace.Of(path, happened.Start)}: nested more than {DeepestNesting} deep");
            }
            if (happened is AnchorAlias or NodeEvent { Anchor.IsEmpty: false })
            {
                throw new RigException(RigFault.UnusableInput, $"{YamlPlace.Of(path, happened.Start)}: anchors and aliases are not used here; write the value out");
            }
        }
    }
}
