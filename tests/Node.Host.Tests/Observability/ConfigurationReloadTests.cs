using Microsoft.Extensions.Configuration;
using Node.Host.Configuration;
using Node.Host.Observability;
using Node.Host.Tests.TestKit;

namespace Node.Host.Tests.Observability;

public sealed class ConfigurationReloadTests
{
    [Fact]
    public void Log_levels_follow_and_what_needs_a_restart_is_named_without_its_value()
    {
        using var folder = new TemporaryFolder();
        Write(folder, """{"Logging":{"LogLevel":{"Node":"Information"}},"Node":{"Http":{"Token":"first-token"}}}""");
        ConfigurationReload reload = Reload(folder, out IConfigurationRoot running);

        Write(folder, """{"Logging":{"LogLevel":{"Node":"Debug"}},"Node":{"Http":{"Token":"second-token"}}}""");
        string outcome = reload.Reload();

        Assert.Equal("Debug", running["Logging:LogLevel:Node"]);
        Assert.Equal("log levels are read again; a restart puts in force: Node:Http:Token", outcome);
    }

    [Fact]
    public void A_file_with_faults_changes_nothing()
    {
        using var folder = new TemporaryFolder();
        Write(folder, """{"Logging":{"LogLevel":{"Node":"Information"}}}""");
        ConfigurationReload reload = Reload(folder, out IConfigurationRoot running);

        Write(folder, """{"Logging":{"LogLevel":{"Node":"Debug"}},"Node":{"Http":{"Port":"x"}}}""");
        string outcome = reload.Reload();

        Assert.StartsWith("nothing is changed, for the configuration has 1 fault, the first: Node:Http:Port: 'x' is not allowed", outcome, StringComparison.Ordinal);
        Assert.Equal("Information", running["Logging:LogLevel:Node"]);
    }

    private static ConfigurationReload Reload(TemporaryFolder folder, out IConfigurationRoot running)
    {
        running = ConfigurationLayers.Build(folder.Path, "Production", [], []);
        return new ConfigurationReload(running, () => NodeOptionsReader.Read(ConfigurationLayers.Build(folder.Path, "Production", [], []), folder.Path));
    }

    private static void Write(TemporaryFolder folder, string json) => File.WriteAllText(folder.File("appsettings.json"), json);
}
