using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Node.Host.Configuration;
using Node.Host.Model;

namespace Node.Host.Cli;

/// <summary><c>sensornode model</c>: the Plug and Play model that the configuration makes, as DTDL v2, printed or as a repository's files.</summary>
internal static class ModelCommand
{
    public static Command Create(Option<string[]> settings)
    {
        var folder = new Option<string?>("--folder") { Description = "Writes the model there as a model repository has it: dtmi/com/…/name-1.json.", HelpName = "DIR" };
        var id = new Option<bool>("--id") { Description = "Prints the model id alone." };
        var command = new Command("model", "Prints the node's Plug and Play model (DTDL v2), made from its settings.") { folder, id };
        command.SetAction(parsed => Run(parsed, settings, parsed.GetValue(folder), parsed.GetValue(id)));
        return command;
    }

    private static int Run(ParseResult parsed, Option<string[]> settings, string? folder, bool idOnly)
    {
        if (!Settings.TryLoad(parsed, settings, out _, out LoadedConfiguration loaded))
        {
            return NodeCommandLine.Unusable;
        }

        NodeModel model = NodeModel.Of(loaded.Options);
        if (idOnly)
        {
            Console.WriteLine(model.Root.Id);
        }

        if (folder is not null)
        {
            return Write(model, folder);
        }

        if (!idOnly)
        {
            Console.WriteLine(Text(new JsonArray([.. model.All.Select(one => one.Json.DeepClone())])));
        }

        return NodeCommandLine.Done;
    }

    private static int Write(NodeModel model, string folder)
    {
        try
        {
            foreach (ModelInterface one in model.All)
            {
                string file = Path.Combine(folder, one.RepositoryPath);
                Directory.CreateDirectory(Path.GetDirectoryName(file)!);
                File.WriteAllText(file, Text(one.Json) + "\n");
                Console.WriteLine(file);
            }

            return NodeCommandLine.Done;
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return NodeCommandLine.Refuse($"the model cannot be written to '{folder}': {unwritable.Message}; name a folder that this user may write to", NodeCommandLine.Failed);
        }
    }

    private static string Text(JsonNode json)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
