using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Tests.TestKit;
using Node.Sensors.Drivers;

namespace Node.Host.Tests.Configuration;

public sealed class SettingsTableTests
{
    [Fact]
    public void Every_setting_says_what_it_does() =>
        Assert.Empty(SettingsTable.Build().Where(setting => string.IsNullOrWhiteSpace(setting.Purpose)).Select(setting => setting.Path));

    [Fact]
    public void The_document_has_a_row_for_every_setting_and_for_nothing_else()
    {
        string[] documented = [.. File.ReadLines(Document()).Where(line => line.StartsWith("| `Node:", StringComparison.Ordinal))];

        Same(SettingsTable.Build().Select(Row), documented);
    }

    [Fact]
    public void The_document_has_a_row_for_every_option_of_every_chip()
    {
        string[] documented = [.. File.ReadLines(Document()).Where(line => SensorCatalog.Chips.Any(chip => line.StartsWith($"| {chip.Name} | `", StringComparison.Ordinal)))];

        Same(SensorCatalog.Chips.SelectMany(chip => chip.Options.Select(option =>
            $"| {chip.Name} | `{option.Name}` | {Cell(option.Default)} | {option.Allowed} | {option.Description} |")), documented);
    }

    [Fact]
    public void The_schema_describes_every_setting_and_every_chips_options()
    {
        JsonObject schema = SettingsSchema.Build();

        foreach (Setting setting in SettingsTable.Build())
        {
            JsonNode? at = schema;
            foreach (string part in setting.Path.Split(':'))
            {
                at = part.StartsWith('{') ? at!["additionalProperties"] : at!["properties"]?[part];
                Assert.True(at is not null, setting.Path);
            }
        }

        JsonArray chips = schema["properties"]!["Node"]!["properties"]!["Sensors"]!["additionalProperties"]!["allOf"]!.AsArray();
        Assert.Equal(SensorCatalog.Chips.Select(chip => chip.Name), chips.Select(chip => (string)chip!["if"]!["properties"]!["Chip"]!["const"]!));
    }

    [Theory]
    [InlineData("10s", true)]
    [InlineData("1.5 s", true)]
    [InlineData("500MS", true)]
    [InlineData("1h30m", true)]
    [InlineData("10Min", true)]
    [InlineData("PT1M30S", true)]
    [InlineData("P1DT2H", true)]
    [InlineData("p2w", true)]
    [InlineData("10", false)]
    [InlineData("10sec", false)]
    [InlineData("P", false)]
    [InlineData("P1DT", false)]
    [InlineData("PT1S1M", false)]
    [InlineData("Pxyz", false)]
    [InlineData("-5s", false)]
    public void The_schemas_durations_are_those_that_the_node_reads(string text, bool isOne)
    {
        string pattern = (string)SettingsSchema.Build()["properties"]!["Node"]!["properties"]!["DoWorkInterval"]!["pattern"]!;

        Assert.Equal((isOne, isOne), (Regex.IsMatch(text, pattern, RegexOptions.ECMAScript), Duration.TryParse(text, out _)));
    }

    [Fact]
    public void A_file_that_leaves_the_chip_to_an_earlier_layer_is_bound_to_no_chips_options()
    {
        JsonArray chips = SettingsSchema.Build()["properties"]!["Node"]!["properties"]!["Sensors"]!["additionalProperties"]!["allOf"]!.AsArray();

        Assert.All(chips, chip => Assert.Equal("Chip", (string)chip!["if"]!["required"]!.AsArray().Single()!));
    }

    [Fact]
    public void The_top_layer_is_the_twins_and_what_it_stands_over_is_shown_without_secrets()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), """{"Node":{"Sensors":{"climate":{"Chip":"BME280","Interval":"5s"}},"Actuators":{"led":{"Pin":4}},"Hub":{"ConnectionString":"HostName=h;DeviceId=d;SharedAccessKey=c2VjcmV0"}}}""");
        IConfigurationRoot configuration = ConfigurationLayers.Build(folder.Path, "Production", [KeyValuePair.Create<string, string?>("Node:Sensors:climate:Interval", "7s")], []);
        LoadedConfiguration loaded = NodeOptionsReader.Read(configuration, folder.Path);
        JsonObject kept = JsonNode.Parse("""{"climate":{"interval":"PT2S","filters":{"temperature":{"10_offset":-1}}},"led":{"maxOnTime":"PT5M"},"spool":{"maxAge":"P7D"},"logLevel":"debug","doWorkInterval":"PT1S"}""")!.AsObject();

        Dictionary<string, EffectiveSetting> shown = TwinLayer.Over(EffectiveSetting.All(configuration, loaded, withDefaults: true), kept, loaded.Options).ToDictionary(setting => setting.Key, StringComparer.OrdinalIgnoreCase);

        EffectiveSetting interval = shown["Node:Sensors:climate:Interval"];
        Assert.Equal(("PT2S", "twin"), (interval.Value, interval.Source));
        Assert.Equal(["command line: 7s", "appsettings.json: 5s"], interval.Over);
        Assert.Equal(("-1", "twin"), (shown["Node:Sensors:climate:Filters:temperature:10_offset"].Value, shown["Node:Sensors:climate:Filters:temperature:10_offset"].Source));
        Assert.Equal(("PT1S", "twin"), (shown["Node:DoWorkInterval"].Value, shown["Node:DoWorkInterval"].Source));
        Assert.Equal(("PT5M", "twin"), (shown["Node:Actuators:led:MaxOnTime"].Value, shown["Node:Actuators:led:MaxOnTime"].Source));
        Assert.Equal(("P7D", "twin"), (shown["Node:Spool:MaxAge"].Value, shown["Node:Spool:MaxAge"].Source));
        Assert.Equal(("debug", "twin"), (shown["Node:LogLevel"].Value, shown["Node:LogLevel"].Source));
        Assert.Equal(("8883", "default"), (shown["Node:Hub:Port"].Value, shown["Node:Hub:Port"].Source));
        Assert.Equal("(secret)", shown["Node:Hub:ConnectionString"].Value);
    }

    [Fact]
    public void A_systemd_credential_gives_its_setting_and_a_strange_file_does_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("Node__Hub__ConnectionString"), "HostName=h;DeviceId=credential;SharedAccessKey=AAAA\n");
        File.WriteAllText(folder.File("other"), "x");
        File.WriteAllText(folder.File("Node__Hub__ModelId"), new string('x', 70_000));
        var faults = new List<string>();

        Dictionary<string, string?> values = SystemdCredentials.Read(folder.Path, faults);

        Assert.Equal(["Node:Hub:ConnectionString"], values.Keys);
        Assert.Equal("HostName=h;DeviceId=credential;SharedAccessKey=AAAA", values["Node:Hub:ConnectionString"]);
        Assert.StartsWith("Node:Hub:ModelId: the credential", Assert.Single(faults), StringComparison.Ordinal);
        Assert.Empty(SystemdCredentials.Read(null, faults));
    }

    private static void Same(IEnumerable<string> expected, string[] documented)
    {
        string[] rows = [.. expected];
        Assert.True(rows.SequenceEqual(documented), $"docs/configuration.md must have exactly these rows, in this order:\n{string.Join('\n', rows)}");
    }

    private static string Row(Setting setting) =>
        $"| `{setting.Path}` | {Cell(setting.Default)} | {(setting.Kind == SettingKind.Map ? "a map, see below" : setting.Allowed ?? "a text")} | {setting.Purpose} |";

    private static string Cell(string? value) => string.IsNullOrEmpty(value) ? "" : $"`{value}`";

    private static string Document()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "SensorNode.sln")))
        {
            folder = folder.Parent;
        }

        return Path.Combine(folder.FullName, "docs", "configuration.md");
    }
}
