using System.Text.RegularExpressions;
using Node.Sensors.Drivers;
using Node.Sensors.Filters;

namespace Node.Sensors.Tests.Docs;

/// <summary>The documents say what the catalogue says and show code that is compiled.</summary>
public sealed partial class SensorDocumentTests
{
    public static TheoryData<string> Chips => [.. SensorCatalog.Chips.Select(static chip => chip.Name)];

    [Theory, MemberData(nameof(Chips))]
    public void Each_chip_has_its_section_as_the_catalogue_has_it(string name)
    {
        SensorChip chip = SensorCatalog.Chips.Single(chip => chip.Name == name);

        Assert.Contains(SensorDocument.Section(chip), Document("sensors.md"), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Chips))]
    public void Each_chip_is_in_the_table_of_wiring_and_accuracy(string name) => Assert.Contains($"\n| {name} |", Document("sensors.md"), StringComparison.Ordinal);

    [Fact]
    public void Each_filter_has_its_row() => Assert.All(FilterChainSettings.Kinds, static kind => Assert.Contains($"\n| `{kind}` |", Document("sensors.md"), StringComparison.Ordinal));

    [Fact]
    public void Each_chain_of_the_document_is_a_chain()
    {
        string[] examples = [.. Json().Matches(Document("sensors.md")).Select(static match => match.Groups["json"].Value)];

        Assert.NotEmpty(examples);
        Assert.All(examples, static json =>
        {
            List<string> faults = [];
            using System.Text.Json.JsonDocument document = System.Text.Json.JsonDocument.Parse(json);
            SensorFilterSettings read = SensorFilterSettings.Read(document.RootElement, "filters", ["temperature", "humidity"], faults);
            Assert.Empty(faults);
            Assert.NotEmpty(read.Quantities);
        });
    }

    [Fact]
    public void Each_piece_of_code_in_the_guide_stands_in_the_file_that_it_names()
    {
        Match[] pieces = Code().Matches(Document("add-a-sensor.md")).ToArray();

        Assert.True(pieces.Length >= 5);
        Assert.All(pieces, static piece =>
        {
            string source = File.ReadAllText(Path.Combine(Root, piece.Groups["file"].Value)).ReplaceLineEndings("\n");
            Assert.Contains(piece.Groups["code"].Value, source, StringComparison.Ordinal);
        });
    }

    private static string Root { get; } = FindRoot(AppContext.BaseDirectory);

    private static string Document(string name) => File.ReadAllText(Path.Combine(Root, "docs", name)).ReplaceLineEndings("\n");

    private static string FindRoot(string folder) =>
        File.Exists(Path.Combine(folder, "SensorNode.sln")) ? folder : FindRoot(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("SensorNode.sln"));

    [GeneratedRegex("```csharp\n// (?<file>[^\n]+)\n(?<code>[^`]+)```", RegexOptions.ExplicitCapture)]
    private static partial Regex Code();

    [GeneratedRegex("```json\n(?<json>[^`]+)```", RegexOptions.ExplicitCapture)]
    private static partial Regex Json();
}
