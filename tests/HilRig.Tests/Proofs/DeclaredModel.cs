using System.Diagnostics;
using System.Text.Json.Nodes;
using HilRig.Bench;

namespace HilRig.Tests.Proofs;

/// <summary>The model that <c>sensornode model</c> prints, read as a solution would read it.</summary>
internal sealed class DeclaredModel
{
    private readonly Dictionary<string, JsonArray> _contents = [];

    private DeclaredModel(JsonArray interfaces)
    {
        Dictionary<string, JsonObject> byId = interfaces.ToDictionary(one => (string)one!["@id"]!, one => one!.AsObject());
        Id = (string)interfaces[0]!["@id"]!;
        _contents[""] = byId[Id]["contents"]!.AsArray();
        foreach (JsonNode? component in _contents[""].Where(content => (string?)content!["@type"] == "Component"))
        {
            _contents[(string)component!["name"]!] = byId[(string)component["schema"]!]["contents"]!.AsArray();
        }
    }

    public string Id { get; }

    public IReadOnlyCollection<string> Components => [.. _contents.Keys.Where(name => name.Length > 0)];

    /// <summary>Asks the node's program, with the settings that the node itself gets.</summary>
    public static async Task<DeclaredModel> OfAsync(NodeProgram program, IReadOnlyDictionary<string, string> settings, CancellationToken cancellationToken)
    {
        IEnumerable<string> arguments = settings.SelectMany(setting => (string[])["--set", $"Node:{setting.Key}={setting.Value}"]);
        var start = new ProcessStartInfo(program.File, [.. program.Arguments, "model", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        Assert.True(process.ExitCode == 0, await errors);
        return new DeclaredModel(JsonNode.Parse(output)!.AsArray());
    }

    /// <summary>The names of what a component (or the root, when its name is empty) declares of a kind: Telemetry, Property, Command.</summary>
    public IEnumerable<string> Of(string component, string kind) => Declared(component, kind).Select(content => (string)content["name"]!);

    public IEnumerable<string> Writable(string component) =>
        Declared(component, "Property").Where(content => (bool?)content["writable"] == true).Select(content => (string)content["name"]!);

    /// <summary>A primitive schema's name, or the kind of a complex one.</summary>
    public string SchemaOf(string component, string property)
    {
        JsonNode schema = Declared(component, "Property").First(content => (string?)content["name"] == property)["schema"]!;
        return schema is JsonObject ? (string)schema["@type"]! : (string)schema!;
    }

    private IEnumerable<JsonNode> Declared(string component, string kind) => _contents[component]
        .Where(content => content!["@type"] is JsonArray types ? types.Any(type => (string?)type == kind) : (string?)content["@type"] == kind)
        .Select(content => content!);
}
