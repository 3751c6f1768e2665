using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Model;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Twin;

/// <summary>docs/twin.md shows for each property what the node really does with the example.</summary>
public sealed class TwinDocumentTests
{
    [Fact]
    public void The_document_has_a_row_for_every_writable_property_with_the_answer_that_the_node_gives()
    {
        string[] documented = [.. Lines().Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains("\"ac\":200", StringComparison.Ordinal))];

        string[] expected =
        [
            .. PropertyTable.Node.Where(row => row.IsWritable).Select(row => Writable("", row)),
            .. PropertyTable.Sensor.Where(row => row.IsWritable).Select(row => Writable("climate", row)),
            .. PropertyTable.Actuator.Where(row => row.IsWritable).Select(row => Writable("led", row)),
        ];
        Same(expected, documented);
    }

    [Fact]
    public void The_document_has_a_row_for_every_read_only_property()
    {
        string[] documented = [.. Lines().Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.EndsWith("| reported |", StringComparison.Ordinal))];

        Same([.. PropertyTable.Node.Concat(PropertyTable.Sensor).Concat(PropertyTable.Actuator).Where(row => !row.IsWritable).Select(ReadOnly)], documented);
    }

    private static string Writable(string component, PropertyRow row)
    {
        string patch = component.Length == 0 ? $"{{\"{row.Name}\":{row.Example}}}" : $"{{\"{component}\":{{\"__t\":\"c\",\"{row.Name}\":{row.Example}}}}}";
        using TestNode node = TestNode.With(null, [new ActuatorOptions { Name = "led", Pin = 17 }]);
        node.Connect();
        node.StoreReported();
        JsonObject desired = JsonNode.Parse(patch)!.AsObject();
        desired["$version"] = 7;
        node.Patch(desired.ToJsonString());
        JsonObject reported = node.Reported();
        JsonNode ack = (component.Length == 0 ? reported : reported[component]!)[row.Name]!;
        return $"| `{row.Name}` | {Kind(row)} | {row.Range} | {row.Purpose} | `{patch}` | `{ack.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping })}` |";
    }

    private static string ReadOnly(PropertyRow row) => $"| `{row.Name}` | {Kind(row)} | {row.Range} | {row.Purpose} | `{row.Example}` | reported |";

    private static string Kind(PropertyRow row) => row.Schema() is JsonObject schema ? ((string)schema["@type"]!).ToLowerInvariant() : (string)row.Schema()!;

    private static void Same(string[] expected, string[] documented) =>
        Assert.True(expected.SequenceEqual(documented), $"docs/twin.md should have these rows, in this order:\n{string.Join('\n', expected)}");

    private static IEnumerable<string> Lines()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "SensorNode.sln")))
        {
            folder = folder.Parent;
        }

        string document = Path.Combine(folder!.FullName, "docs", "twin.md");
        return File.Exists(document) ? File.ReadLines(document) : [];
    }
}
