using YamlDotNet.Core;

namespace HilRig.Yaml;

/// <summary>Where in a file something stands; lines and columns count from 1.</summary>
internal readonly record struct YamlPlace(string File, long Line, long Column)
{
    public static YamlPlace Of(string file, Mark mark) => new(file, mark.Line, mark.Column);

    public override string ToString() => $"{File}:{Line}:{Column}";
}
