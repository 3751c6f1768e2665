namespace Architecture.Tests;

/// <summary>Which folders may see what: each outside thing has one place that knows it.</summary>
public sealed class NamespaceTests
{
    [Theory]
    // The client's core does no I/O and knows no MQTT library: one folder adapts both.
    [InlineData("Node.HubClient", "MQTTnet", "Node.HubClient.Transport")]
    [InlineData("Node.HubClient", "System.Net.Sockets", "Node.HubClient.Transport")]
    [InlineData("Node.HubClient", "System.Net.Security", "Node.HubClient.Transport")]
    [InlineData("Node.HubClient", "System.Net.WebSockets", "Node.HubClient.Transport")]
    // The hub has its own client; the library's is for the local broker.
    [InlineData("sensornode", "MQTTnet", "Node.Host.Neighbours")]
    // The rig's library of YAML and its command line stay exchangeable.
    [InlineData("hilrig", "YamlDotNet", "HilRig.Yaml")]
    [InlineData("hilrig", "System.CommandLine", "HilRig.Cli")]
    // The emulator's codec and its network are its front's affair.
    [InlineData("HubEmulator", "MQTTnet", "HubEmulator.Mqtt")]
    public void Only_one_place_sees_it(string assembly, string seen, string place)
    {
        using var compiled = new CompiledAssembly(assembly);

        IEnumerable<TypeUse> elsewhere = compiled.Uses().Where(use => IsIn(use.Used, seen) && !IsIn(use.UserNamespace + ".", place));

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void The_rig_sees_emulated_chips_and_buses_and_no_driver()
    {
        using var compiled = new CompiledAssembly("hilrig");

        IEnumerable<TypeUse> others = compiled.Uses().Where(use =>
            IsIn(use.Used, "Node.Sensors") && !IsIn(use.Used, "Node.Sensors.Emulation") && !IsIn(use.Used, "Node.Sensors.Bus"));

        Assert.Empty(others);
    }

    [Fact]
    public void The_reader_of_assemblies_sees_uses_in_signatures_and_in_bodies()
    {
        using var compiled = new CompiledAssembly("hilrig");
        IReadOnlyList<TypeUse> uses = compiled.Uses();

        Assert.Contains(uses, use => use.User == "HilRig.Bench.EmulatedBench" && use.Used == "HubEmulator.LocalHub");
        Assert.Contains(uses, use => use.User == "HilRig.Yaml.YamlFile" && use.Used == "YamlDotNet.Core.Parser");
        Assert.Contains(uses, use => use.User == "HilRig.Cli.UpCommand" && use.Used == "System.CommandLine.Command");
    }

    private static bool IsIn(string name, string space) => name.StartsWith(space + ".", StringComparison.Ordinal);
}
