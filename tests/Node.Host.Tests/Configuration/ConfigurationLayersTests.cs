using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Configuration;

public sealed class ConfigurationLayersTests
{
    [Theory]
    [InlineData("{\n  \"Node\": {\n    \"Http\": { \"Port\" 80 }\n  }\n}", "(3,22): is no readable JSON (")]
    [InlineData("{\"Node\":\n{\"Http\":{\"Port\":1,\"port\":2}}}", "appsettings.json: is no readable JSON (A duplicate key 'Node:Http:port' was found)")]
    [InlineData("[1]", "Top-level JSON element must be an object")]
    [InlineData("", "(1,1): is no readable JSON (")]
    public void A_file_that_is_no_JSON_is_a_fault_with_its_line(string text, string told)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), text);
        var faults = new List<string>();

        ConfigurationLayers.Build(folder.Path, "Production", [], faults);

        string fault = Assert.Single(faults);
        Assert.Contains(told, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", fault, StringComparison.Ordinal);
    }

    [Fact]
    public void Sections_that_nobody_reads_are_warned_about_and_those_of_the_environment_are_not()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), """{"$schema":"x","Nod":{"Http":{"Port":1}},"node":{"Http":{"Port":2}},"Logging":{"LogLevel":{"Default":"Debug"}}}""");
        IConfigurationRoot configuration = ConfigurationLayers.Build(folder.Path, "Production", [KeyValuePair.Create<string, string?>("Http:Port", "0")], []);

        IReadOnlyList<string> warnings = NodeOptionsReader.Read(configuration, folder.Path).Warnings;

        Assert.Equal(
            [
                "Nod is no section of this node and has no effect; its settings are under Node, its log levels under Logging",
                "Http is no section of this node and has no effect; its settings are under Node, its log levels under Logging",
            ],
            warnings);
    }

    [Theory]
    [InlineData("Node:Http:Prot", "Node:Http:Port is meant?")]
    [InlineData("Node:Senors:hall:Chip", "Node:Sensors:hall:Chip is meant?")]
    [InlineData("Node:Sensors:climate:Optons:Filter", "Node:Sensors:climate:Options:Filter is meant?")]
    [InlineData("Node:Htp:Token", "Node:Http:Token is meant?")]
    [InlineData("Node:Http:Port:Number", "Node:Http:Port takes one value, no parts")]
    [InlineData("Node:Zebra", "compare 'sensornode config schema'")]
    public void An_unknown_key_is_named_with_what_was_meant(string key, string told)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [new("Node:Sensors:climate:Chip", "BME280"), new(key, "1")]).Build();

        string warning = Assert.Single(NodeOptionsReader.Read(configuration, "/app").Warnings);

        Assert.StartsWith($"{key} is no setting of this node and has no effect; ", warning, StringComparison.Ordinal);
        Assert.EndsWith(told, warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_no_setting_is_not_shown_for_it_may_be_a_misspelt_secret()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("appsettings.json"), """
            {"Node":{"Hub":{"ConectionString":"HostName=h;DeviceId=d;SharedAccessKey=c2VjcmV0","Certificate":"-----BEGIN PRIVATE KEY-----c2VjcmV0"},
                     "Http":{"Tokn":"c2VjcmV0"},"Sensors":{"climate":{"Chip":"BME280","Enabled":true}}}}
            """);
        IConfigurationRoot configuration = ConfigurationLayers.Build(folder.Path, "Production", [KeyValuePair.Create<string, string?>("Node:Http:Tokn", "c2VjcmV0b3ZlcnJpZGU")], []);

        List<EffectiveSetting> shown = [.. EffectiveSetting.All(configuration, NodeOptionsReader.Read(configuration, folder.Path), withDefaults: true)];

        Assert.DoesNotContain(shown, setting => setting.Value.Contains("c2VjcmV0", StringComparison.Ordinal) || setting.Over.Any(below => below.Contains("c2VjcmV0", StringComparison.Ordinal)));
        Assert.Equal("true", shown.Single(setting => setting.Key == "Node:Sensors:climate:Enabled").Value);
    }

    [Theory]
    [InlineData("Node:Neighbours:MqttHost", "mqtt://broker", "is no host name")]
    [InlineData("Node:Neighbours:MqttTopic", "sensors/#", "without + and #")]
    [InlineData("Node:Neighbours:DiscoveryPrefix", "homeassistant", "set Node:Neighbours:MqttHost too")]
    [InlineData("Node:Neighbours:MqttPassword", "s3cret", "a password needs a user name")]
    [InlineData("Node:Neighbours:HttpPort", "8080", "each needs its own")]
    [InlineData("Logging:LogLevel:Default", "Loud", "allowed is Trace or Debug or Information")]
    [InlineData("Logging:Console:LogLevel:Node.Hub", "Chatty", "'Chatty' is not allowed")]
    [InlineData("Node:Http:AllowedHosts", "http://node.example.com", "is no host name")]
    public void What_cannot_be_used_is_a_fault_with_its_path_and_without_a_secret(string key, string value, string told)
    {
        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection([new(key, value)]).Build();

        string fault = Assert.Single(NodeOptionsReader.Read(configuration, "/app").Faults);

        Assert.StartsWith($"{key}: ", fault, StringComparison.Ordinal);
        Assert.Contains(told, fault, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", fault, StringComparison.Ordinal);
    }
}
